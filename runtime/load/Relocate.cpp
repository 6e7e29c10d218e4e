// Relocations (Documentation/bpf/llvm_reloc.rst).
//
//   R_BPF_64_64     ld_imm64: a map, a variable, a function, an extern. The
//                   addend stands in the immediate: S + imm
//   R_BPF_64_32     call: S + (imm + 1) * 8; imm is -1 with a function's
//                   symbol, the slot less one with a section's
//   R_BPF_64_ABS64  a pointer in a data section, addend in place
//   R_BPF_64_ABS32

#include "runtime/load/Loader.h"

#include "backend/btf/KernelTypes.h"
#include "backend/isa/Encoding.h"
#include "backend/target/Helpers.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

#include <set>

using namespace llvm;
using bpfcc::isa::Op;

namespace bpfcc {

/// An address that stands for kernel functions: no memory lies there.
constexpr uint64_t KfuncBase = 0x4c00000000000000;

Error Loader::relocate() {
  for (uint32_t N = 0; N != O.Sections.size(); ++N) {
    Error E = Error::success();
    switch (Parts[N]) {
    case Part::Code:
      E = relocateCode(N);
      break;
    case Part::Data:
      E = relocateData(N);
      break;
    case Part::BtfMaps:
      E = relocateMapValues(N);
      break;
    case Part::Operations:
      findOperations(N);
      break;
    case Part::LegacyMaps:
    case Part::Other:
      break;
    }
    if (E)
      return E;
  }
  if (Error E = resolveLocalCalls())
    return E;
  forgetDescriptors();
  return fillJumpTables();
}

Error Loader::relocateCode(uint32_t Section) {
  for (const Relocation &R : O.Sections[Section].Relocs)
    if (Error E = relocateInst(Section, R))
      return E;
  return Error::success();
}

Error Loader::relocateInst(uint32_t Section, const Relocation &R) {
  std::string Where = "relocation at `" + sectionName(int32_t(Section)) + "+" +
                      std::to_string(R.Offset) + "`";
  auto It = Functions.upper_bound({int32_t(Section), R.Offset});
  // What lies in no function cannot run: linkers leave weak functions that
  // others replace in their sections, without a symbol.
  if (It == Functions.begin() || (--It)->first.first != int32_t(Section))
    return Error::success();
  Subprog &S = P.Subprogs[It->second];
  uint64_t Slot = (R.Offset - It->first.second) / 8;
  if (Slot > S.Slots.back() + isa::slots(S.Insts.back().Opcode) - 1)
    return Error::success();
  auto At = lower_bound(S.Slots, Slot);
  if (R.Offset % 8 || At == S.Slots.end() || *At != Slot)
    return bad(Where + " lies on no instruction");
  size_t Index = size_t(At - S.Slots.begin());
  isa::Inst &I = S.Insts[Index];
  const Symbol &Sym = O.Symbols[R.Symbol];
  if (R.Type == R_BPF_64_64 && isa::form(I.Opcode) == isa::Form::Imm64) {
    Called[It->second][Index] = true;
    if (Sym.Section >= 0 && sectionName(Sym.Section) == JumpTableSection)
      JumpTables[R.Symbol] = int32_t(Section);
    return relocateImm64(I, Sym, Where);
  }
  if (R.Type == R_BPF_64_32 &&
      (I.Opcode == Op::CALL_SUBPROG || I.Opcode == Op::CALL_HELPER)) {
    Called[It->second][Index] = true;
    return relocateCall(I, Sym, Where);
  }
  return bad(Where + " has type " + Twine(R.Type) +
             ", which does not suit its instruction");
}

Error Loader::relocateImm64(isa::Inst &I, const Symbol &Sym,
                            const std::string &Where) {
  uint64_t Offset = Sym.Value + uint64_t(I.Imm);
  if (Sym.Section < 0) {
    auto Known = KconfigOffset.find(Sym.Name);
    if (Known != KconfigOffset.end()) {
      I.Opcode = Op::LD_MAP_VALUE;
      I.Imm = int64_t(KconfigMap | (Known->second + uint64_t(I.Imm)) << 32);
    } else if (Options.Kernel) {
      relocateKernelSymbol(I, Sym);
    } else if (const target::HelperInfo *K = target::kfuncByName(Sym.Name)) {
      I.Opcode = Op::LD_IMM64; // asked whether it exists
      I.Imm = int64_t(KfuncBase + K->Id);
    } else if (Sym.Binding == ELF::STB_WEAK && !Options.WeakMayExist) {
      I.Opcode = Op::LD_IMM64; // absent: a null pointer
      I.Imm = 0;
    } else {
      I.Opcode = Op::LD_BTF_ID;
      I.Imm = externNumber(Sym.Name);
    }
    return Error::success();
  }
  switch (Parts[size_t(Sym.Section)]) {
  case Part::BtfMaps:
  case Part::LegacyMaps: {
    const Declared *D = mapAt(Sym.Section, Offset);
    if (!D)
      return bad(Where + ": no map starts at `" + sectionName(Sym.Section) +
                 "+" + Twine(Offset) + "`");
    I.Opcode = Op::LD_MAP_FD;
    I.Imm = D->Map;
    return Error::success();
  }
  case Part::Data: {
    uint32_t Map = DataMap[size_t(Sym.Section)];
    // One past the end of a variable is an address that C may compute.
    if (Map == ~0u || Offset > O.Sections[size_t(Sym.Section)].Size)
      return bad(Where + ": offset " + Twine(Offset) + " is outside section `" +
                 sectionName(Sym.Section) + "`");
    I.Opcode = Op::LD_MAP_VALUE;
    I.Imm = int64_t(Map | Offset << 32);
    return Error::success();
  }
  case Part::Code: {
    uint32_t Func = functionAt(Sym.Section, Offset);
    if (Func == ~0u)
      return bad(Where + ": no function starts at `" +
                 sectionName(Sym.Section) + "+" + Twine(Offset) + "`");
    I.Opcode = Op::LD_FUNC;
    I.Imm = Func;
    return Error::success();
  }
  case Part::Operations:
  case Part::Other:
    break;
  }
  I.Opcode = Op::LD_BTF_ID;
  I.Imm = externNumber(Sym.Name.empty() ? sectionName(Sym.Section) : Sym.Name);
  return Error::success();
}

/// The address of what the kernel has: a variable or function with a type, or,
/// declared void, any symbol.
void Loader::relocateKernelSymbol(isa::Inst &I, const Symbol &Sym) {
  StringRef Name = essentialName(Sym.Name);
  bool Exists = Options.Kernel->find(btf::KindVar, Name) ||
                Options.Kernel->find(btf::KindFunc, Name);
  if (!Exists && Sym.Binding == ELF::STB_WEAK) {
    I.Opcode = Op::LD_IMM64; // a null pointer
    I.Imm = 0;
    return;
  }
  I.Opcode = Op::LD_BTF_ID;
  I.Imm = externNumber(Sym.Name);
}

Error Loader::relocateCall(isa::Inst &I, const Symbol &Sym,
                           const std::string &Where) {
  if (Sym.Section < 0) {
    I.Opcode = Op::CALL_KFUNC;
    I.Imm = externNumber(Sym.Name);
    return Error::success();
  }
  uint64_t Offset = Sym.Value + uint64_t(I.Imm + 1) * 8;
  uint32_t Func = functionAt(Sym.Section, Offset);
  if (Func == ~0u)
    return bad(Where + ": no function starts at `" + sectionName(Sym.Section) +
               "+" + Twine(Offset) + "`");
  I.Opcode = Op::CALL_SUBPROG;
  I.Imm = Func;
  return Error::success();
}

/// Where in its section the call, or the address of a function, at \p Inst
/// leads.
uint64_t Loader::localTarget(size_t Func, size_t Inst) const {
  const Subprog &S = P.Subprogs[Func];
  return Starts[Func].second +
         (S.Slots[Inst] + 1 + uint64_t(S.Insts[Inst].Imm)) * 8;
}

/// Cuts the function that covers \p Offset in two, unless one starts there.
void Loader::startFunctionAt(int32_t Section, uint64_t Offset) {
  auto It = Functions.upper_bound({Section, Offset});
  if (It == Functions.begin())
    return;
  --It;
  auto [Start, Number] = *It;
  Subprog &S = P.Subprogs[Number];
  uint64_t Slot = (Offset - Start.second) / 8;
  auto At = lower_bound(S.Slots, Slot);
  if (Start.first != Section || Offset == Start.second || At == S.Slots.end() ||
      *At != Slot)
    return;
  auto First = At - S.Slots.begin();
  Subprog Tail;
  Tail.Name = S.Name + "+" + std::to_string(Slot);
  Tail.Section = S.Section;
  Tail.Insts.assign(S.Insts.begin() + First, S.Insts.end());
  S.Insts.resize(size_t(First));
  for (uint32_t Each : ArrayRef(S.Slots).drop_front(size_t(First)))
    Tail.Slots.push_back(Each - uint32_t(Slot));
  S.Slots.resize(size_t(First));
  auto Line = partition_point(
      S.Lines, [&](const Subprog::Line &L) { return L.Inst < First; });
  for (auto L = Line; L != S.Lines.end(); ++L) {
    Tail.Lines.push_back(*L);
    Tail.Lines.back().Inst -= uint32_t(First);
  }
  S.Lines.erase(Line, S.Lines.end());
  std::vector<bool> &Before = Called[Number];
  std::vector<bool> TailCalled(Before.begin() + First, Before.end());
  Before.resize(size_t(First));
  Called.push_back(std::move(TailCalled));
  Functions[{Section, Offset}] = uint32_t(P.Subprogs.size());
  Starts.push_back({Section, Offset});
  P.Subprogs.push_back(std::move(Tail));
}

/// Which functions the structures of operations in \p Section hold: the kernel
/// calls them as the members' types say.
void Loader::findOperations(uint32_t Section) {
  const BtfFile::Type *Data = Btf.dataSection(sectionName(int32_t(Section)));
  if (!Data)
    return;
  for (const Relocation &R : O.Sections[Section].Relocs) {
    const Symbol &Sym = O.Symbols[R.Symbol];
    if (Sym.Section < 0 || Parts[size_t(Sym.Section)] != Part::Code)
      continue;
    const std::vector<uint8_t> &Bytes = O.Sections[Section].Data;
    if (R.Offset > Bytes.size() || Bytes.size() - R.Offset < 8)
      continue;
    uint64_t Addend = support::endian::read64(
        &Bytes[R.Offset], O.BigEndian ? endianness::big : endianness::little);
    uint32_t Func = functionAt(Sym.Section, Sym.Value + Addend);
    for (const Symbol &Var : O.Symbols) {
      if (Var.Section != int32_t(Section) || R.Offset < Var.Value ||
          R.Offset - Var.Value >= Var.Size)
        continue;
      for (const BtfFile::Member &Each : Data->Members) {
        const BtfFile::Type &Struct = Btf.type(Btf.strip(Each.Type));
        if (Func == ~0u || Struct.K != btf::KindStruct ||
            Btf.type(Each.Type).Name != Var.Name)
          continue;
        for (const BtfFile::Member &M : Struct.Members)
          if (Var.Value + M.Offset / 8 == R.Offset)
            P.Operations.push_back({Func, Struct.Name.str(), M.Name.str()});
      }
    }
  }
}

Error Loader::resolveLocalCalls() {
  auto ForEach = [&](auto Do) {
    for (size_t F = 0; F != P.Subprogs.size(); ++F)
      for (size_t N = 0; N != P.Subprogs[F].Insts.size(); ++N) {
        Op Opcode = P.Subprogs[F].Insts[N].Opcode;
        if ((Opcode == Op::CALL_SUBPROG || Opcode == Op::LD_FUNC) &&
            !Called[F][N])
          Do(F, N);
      }
  };
  std::set<std::pair<int32_t, uint64_t>> Targets;
  ForEach([&](size_t F, size_t N) {
    Targets.insert({Starts[F].first, localTarget(F, N)});
  });
  // From the last on: what is cut off does not get cut again.
  for (auto [Section, Offset] : reverse(Targets))
    startFunctionAt(Section, Offset);
  Error Missing = Error::success();
  ForEach([&](size_t F, size_t N) {
    uint64_t Offset = localTarget(F, N);
    uint32_t Func = functionAt(Starts[F].first, Offset);
    Subprog &S = P.Subprogs[F];
    if (Func == ~0u && !Missing)
      Missing = bad("a call in `" + S.Name + "` leads to `" + S.Section + "+" +
                    Twine(Offset) + "`, where no function starts");
    S.Insts[N].Imm = Func;
  });
  return Missing;
}

/// What names a map without a relocation holds the number of a file that
/// belonged to whoever wrote it.
void Loader::forgetDescriptors() {
  for (size_t F = 0; F != P.Subprogs.size(); ++F)
    for (size_t N = 0; N != P.Subprogs[F].Insts.size(); ++N) {
      isa::Inst &I = P.Subprogs[F].Insts[N];
      bool NamesMap =
          I.Opcode == Op::LD_MAP_FD || I.Opcode == Op::LD_MAP_VALUE ||
          I.Opcode == Op::LD_MAP_IDX || I.Opcode == Op::LD_MAP_IDX_VALUE;
      if (NamesMap && !Called[F][N])
        I.Imm = UINT32_MAX;
    }
}

Error Loader::relocateData(uint32_t Section) {
  const bpfcc::Section &S = O.Sections[Section];
  for (const Relocation &R : S.Relocs) {
    std::string Where =
        "relocation at `" + S.Name + "+" + std::to_string(R.Offset) + "`";
    unsigned Size = R.Type == R_BPF_64_ABS64   ? 8
                    : R.Type == R_BPF_64_ABS32 ? 4
                                               : 0;
    if (!Size)
      return bad(Where + " has type " + Twine(R.Type) +
                 ", which does not suit data");
    if (R.Offset > S.Data.size() || Size > S.Data.size() - R.Offset)
      return bad(Where + " lies outside its section");
    const Symbol &Sym = O.Symbols[R.Symbol];
    auto Order = O.BigEndian ? endianness::big : endianness::little;
    const uint8_t *At = &S.Data[R.Offset];
    uint64_t Addend = Size == 8 ? support::endian::read64(At, Order)
                                : support::endian::read32(At, Order);
    uint64_t Offset = Sym.Value + Addend;
    Program::DataPointer D{DataMap[Section], R.Offset, Size, {}, 0, 0};
    if (Sym.Section < 0)
      continue; // an extern's address is not known: the addend stays
    switch (Parts[size_t(Sym.Section)]) {
    case Part::Data:
      D.What = Program::DataPointer::Value;
      D.Target = DataMap[size_t(Sym.Section)];
      D.Addend = Offset;
      break;
    case Part::Code:
      D.What = Program::DataPointer::Func;
      D.Target = functionAt(Sym.Section, Offset);
      break;
    case Part::BtfMaps:
    case Part::LegacyMaps: {
      const Declared *M = mapAt(Sym.Section, Offset);
      D.What = Program::DataPointer::MapItself;
      D.Target = M ? M->Map : ~0u;
      break;
    }
    case Part::Operations:
    case Part::Other:
      continue;
    }
    if (D.Target == ~0u)
      return bad(Where + ": nothing starts at " + symbolName(Sym) + "+" +
                 Twine(Addend));
    P.DataPointers.push_back(D);
  }
  return Error::success();
}

/// `values` of prog arrays and maps of maps. A map of maps without values
/// still names the kind of its inner maps; that is in its type alone and is
/// found when the first value is set.
Error Loader::relocateMapValues(uint32_t Section) {
  const bpfcc::Section &S = O.Sections[Section];
  for (const Relocation &R : S.Relocs) {
    std::string Where =
        "relocation at `.maps+" + std::to_string(R.Offset) + "`";
    const Declared *In = nullptr;
    for (const Declared &D : Maps)
      if (D.Section == int32_t(Section) && R.Offset >= D.Offset &&
          R.Offset - D.Offset < std::max<uint64_t>(D.Size, 1) + S.Size)
        if (!In || D.Offset > In->Offset)
          In = &D;
    if (!In || In->ValuesAt == ~0ull || R.Offset < In->ValuesAt)
      return bad(Where + " is no initial value of a map");
    const Symbol &Sym = O.Symbols[R.Symbol];
    uint32_t Index = uint32_t((R.Offset - In->ValuesAt) / 8);
    bool IsProg = P.Maps[In->Map].Type == ProgArrayMapType;
    uint32_t Target = ~0u;
    if (Sym.Section >= 0) {
      if (IsProg)
        Target = functionAt(Sym.Section, Sym.Value);
      else if (const Declared *D = mapAt(Sym.Section, Sym.Value))
        Target = D->Map;
    }
    if (Target == ~0u)
      return bad(Where + ": " + symbolName(Sym) + " is no " +
                 (IsProg ? "program" : "map"));
    P.SlotValues.push_back({In->Map, Index, IsProg, Target});
    if (!IsProg && P.InnerMaps[In->Map] == ~0u)
      P.InnerMaps[In->Map] = Target;
  }
  return Error::success();
}

} // namespace bpfcc
