// What stands together in real programs.
//
// needs: objects
// gives: their short sequences, with registers and numbers made variables
//
//   r2 = r7                         ra = rb
//   r8 = 1                    ->    ra += K          dead: b      (once)
//   r2 += 24                        with K = 24
//
// A sequence goes on with the next instruction of its block that touches one of
// its registers, or memory if it does; what stands between must be free to
// stand before or behind, as applyRules() asks.

#include "tools/superopt/Windows.h"

#include "backend/btf/BtfFile.h"
#include "backend/isa/Encoding.h"
#include "backend/target/Helpers.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace bpfcc::superopt {

namespace {

using Mask = uint16_t;
constexpr Mask bit(unsigned R) { return static_cast<Mask>(1u << R); }

struct Effects {
  Mask Reads = 0, Writes = 0;
};

Effects effects(const isa::Inst &I) {
  const ruletext::Row &Row = ruletext::row(I.Opcode);
  if (Row.isPlain()) {
    Effects E;
    if (Row.readsDst())
      E.Reads |= bit(I.Dst);
    if (Row.writesDst())
      E.Writes |= bit(I.Dst);
    if (Row.Form == isa::Form::RR || Row.Form == isa::Form::JmpRR ||
        Row.Form == isa::Form::Load || Row.Form == isa::Form::StoreR)
      E.Reads |= bit(I.Src);
    return E;
  }
  constexpr Mask Lost = 0x3f, Arguments = 0x3e;
  switch (Row.Form) {
  case isa::Form::Call: {
    const target::HelperInfo *Helper =
        I.Opcode == isa::Op::CALL_HELPER
            ? target::helperById(static_cast<unsigned>(I.Imm))
            : nullptr;
    Mask Reads = Helper ? Mask((1u << (Helper->numArgs() + 1)) - 2) : Arguments;
    return {Reads, Lost};
  }
  case isa::Form::CallR:
    return {Mask(Arguments | bit(I.Dst)), Lost};
  case isa::Form::Exit:
    return {bit(isa::R0), 0};
  case isa::Form::Abs:
  case isa::Form::Ind:
    return {Mask(bit(isa::R6) | bit(I.Src)), Lost};
  case isa::Form::Imm64:
    return {0, bit(I.Dst)};
  case isa::Form::CastRR:
    return {bit(I.Src), bit(I.Dst)};
  case isa::Form::Jmp:
  case isa::Form::JmpL:
    return {};
  default: // atomic operations, which may write what they read
    return {Mask(bit(I.Dst) | bit(I.Src) | bit(isa::R0)), 0};
  }
}

/// The code of one section.
class SectionWindows {
public:
  SectionWindows(std::vector<isa::Inst> Code, std::vector<uint32_t> Slots,
                 const std::vector<bool> &IsRelocated)
      : Insts(std::move(Code)), Starts(std::move(Slots)), Taken(Insts.size()),
        LeadsOn(Insts.size(), true), IsLeader(Insts.size() + 1),
        IsFixed(Insts.size()) {
    llvm::DenseMap<uint32_t, uint32_t> InstAt;
    for (uint32_t N = 0; N < Insts.size(); ++N) {
      InstAt[Starts[N]] = N;
      IsFixed[N] = IsRelocated[Starts[N]];
    }
    for (uint32_t N = 0; N < Insts.size(); ++N) {
      const isa::Inst &I = Insts[N];
      const isa::Form Form = isa::form(I.Opcode);
      if (isa::isJump(I.Opcode)) {
        int64_t Distance = Form == isa::Form::JmpL ? I.Imm : I.Off;
        auto To = InstAt.find(static_cast<uint32_t>(Starts[N] + 1 + Distance));
        if (To != InstAt.end()) {
          Taken[N] = To->second;
          IsLeader[To->second] = true;
        }
        IsLeader[N + 1] = true;
      }
      if (I.Opcode == isa::Op::JA || Form == isa::Form::JmpL ||
          Form == isa::Form::Exit) {
        LeadsOn[N] = false;
        IsLeader[N + 1] = true;
      }
    }
    findLive();
  }

  void addTo(Windows &To) {
    for (size_t N = 0; N < Insts.size(); ++N)
      chain(N, To);
  }

private:
  Mask liveAfter(size_t N) const {
    Mask Live = 0;
    if (LeadsOn[N] && N + 1 < Insts.size())
      Live |= LiveBefore[N + 1];
    if (Taken[N])
      Live |= LiveBefore[*Taken[N]];
    return Live;
  }

  void findLive() {
    LiveBefore.resize(Insts.size());
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (size_t N = Insts.size(); N-- > 0;) {
        Effects E = effects(Insts[N]);
        Mask Live = static_cast<Mask>((liveAfter(N) & ~E.Writes) | E.Reads);
        Changed |= Live != LiveBefore[N];
        LiveBefore[N] = Live;
      }
    }
  }

  bool isPlain(size_t N) const {
    const ruletext::Row &Row = ruletext::row(Insts[N].Opcode);
    return Row.isPlain() && !IsFixed[N] && Row.Op != isa::Op::JA;
  }

  void chain(size_t First, Windows &To) {
    constexpr unsigned MaxBetween = 8;
    if (!isPlain(First) || ruletext::row(Insts[First].Opcode).isJump())
      return;
    llvm::SmallVector<size_t, Rule::MaxInsts> Places;
    Mask Read = 0, Written = 0;
    bool Memory = false;
    unsigned Between = 0;
    for (size_t N = First; N < Insts.size(); ++N) {
      if (N != First && IsLeader[N])
        return;
      const ruletext::Row &Row = ruletext::row(Insts[N].Opcode);
      const Effects E = effects(Insts[N]);
      constexpr Mask NoFrame = static_cast<Mask>(~bit(isa::R10));
      const bool IsMemory = Row.isLoad() || Row.isStore();
      const bool Touches = (E.Reads | E.Writes) & (Read | Written) & NoFrame;
      if (N == First || Touches || (Memory && IsMemory)) {
        if (!isPlain(N))
          return;
        Places.push_back(N);
        Read |= E.Reads;
        Written |= E.Writes;
        Memory |= IsMemory;
        if (Places.size() > 1 && !add(Places, To))
          return;
        if (Places.size() == Rule::MaxInsts || Row.isJump())
          return;
      } else if (isa::isJump(Insts[N].Opcode) || !LeadsOn[N] ||
                 Row.Form == isa::Form::Call || Row.Form == isa::Form::CallR ||
                 (Memory && Row.Form == isa::Form::Atomic) ||
                 Between++ == MaxBetween)
        return;
    }
  }

  bool add(llvm::ArrayRef<size_t> Places, Windows &To) const {
    Window W;
    std::vector<int64_t> Numbers;
    std::vector<uint8_t> Regs;
    auto Reg = [&](uint8_t R) -> RuleReg {
      if (R == isa::R10)
        return FrameRegister;
      auto Found = llvm::find(Regs, R);
      if (Found == Regs.end())
        Found = Regs.insert(Found, R);
      return static_cast<RuleReg>(Found - Regs.begin());
    };
    auto Number = [&](int64_t V) {
      auto Found = llvm::find(Numbers, V);
      if (Found == Numbers.end())
        Found = Numbers.insert(Found, V);
      return static_cast<uint8_t>(Found - Numbers.begin());
    };
    for (size_t Place : Places) {
      const isa::Inst &I = Insts[Place];
      WindowInst P;
      P.Op = I.Opcode;
      const isa::Form Form = isa::form(I.Opcode);
      P.Dst = Reg(I.Dst);
      if (Form == isa::Form::RR || Form == isa::Form::JmpRR ||
          Form == isa::Form::Load || Form == isa::Form::StoreR)
        P.Src = Reg(I.Src);
      if (Form == isa::Form::RI || Form == isa::Form::JmpRI ||
          Form == isa::Form::StoreI || Form == isa::Form::Imm64)
        P.Imm = Number(I.Imm);
      if (Form == isa::Form::Load || Form == isa::Form::StoreR ||
          Form == isa::Form::StoreI)
        P.Off = Number(I.Off);
      W.Insts.push_back(P);
    }
    if (Regs.size() > MaxRuleRegs)
      return false;
    const Mask Live = liveAfter(Places.back());
    for (size_t R = 0; R < Regs.size(); ++R)
      if (!(Live & bit(Regs[R])))
        W.Dead |= static_cast<uint8_t>(1u << R);
    Sighting &S = To[W];
    ++S.Count;
    if (S.Examples.size() < Sighting::MaxExamples &&
        !llvm::is_contained(S.Examples, Numbers))
      S.Examples.push_back(std::move(Numbers));
    return true;
  }

  std::vector<isa::Inst> Insts;
  std::vector<uint32_t> Starts; ///< by instruction: its slot
  std::vector<std::optional<uint32_t>> Taken;
  std::vector<bool> LeadsOn;  ///< by instruction: to the next
  std::vector<bool> IsLeader; ///< by instruction: begins a block
  std::vector<bool> IsFixed;  ///< by instruction: link or load changes it
  std::vector<Mask> LiveBefore;
};

llvm::ArrayRef<uint8_t> sectionData(const Object &O, const char *Name) {
  const Section *S = O.findSection(Name);
  return S ? llvm::ArrayRef(S->Data) : llvm::ArrayRef<uint8_t>();
}

} // namespace

llvm::Error addWindows(const Object &O, llvm::StringRef Name, Windows &To) {
  constexpr uint64_t Executable = 4; // SHF_EXECINSTR
  BtfFile Btf;
  if (llvm::ArrayRef<uint8_t> Bytes = sectionData(O, ".BTF"); !Bytes.empty()) {
    auto Read = readBtf(Bytes, sectionData(O, ".BTF.ext"), O.BigEndian);
    if (!Read)
      return Read.takeError();
    Btf = std::move(*Read);
  }
  for (const Section &S : O.Sections) {
    if (!(S.Flags & Executable) || S.Data.empty())
      continue;
    auto Insts = isa::decode(S.Data, O.BigEndian);
    if (!Insts)
      return Insts.takeError();
    std::vector<bool> Relocated(S.Data.size() / 8 + 1);
    for (const Relocation &R : S.Relocs)
      Relocated[std::min(R.Offset, S.Data.size()) / 8] = true;
    for (const BtfFile::CoreRelo &R : Btf.CoreRelos)
      if (R.Section == S.Name)
        Relocated[std::min<uint64_t>(R.Offset, S.Data.size()) / 8] = true;
    std::vector<uint32_t> Slots;
    uint32_t Slot = 0;
    for (const isa::Inst &I : *Insts) {
      Slots.push_back(Slot);
      Slot += isa::slots(I.Opcode);
    }
    SectionWindows(std::move(*Insts), std::move(Slots), Relocated).addTo(To);
  }
  return llvm::Error::success();
}

std::string text(const WindowInst &I, llvm::ArrayRef<std::string> Numbers) {
  auto Reg = [](char Size, RuleReg R) {
    return R == FrameRegister ? std::string("r10")
                              : std::string{Size, char('a' + R)};
  };
  std::string Out;
  std::string_view Text = ruletext::row(I.Op).Text;
  while (!Text.empty()) {
    if (Text[0] != '{') {
      Out += Text[0];
      Text.remove_prefix(1);
      continue;
    }
    const size_t End = Text.find('}');
    const std::string_view Name = Text.substr(1, End - 1);
    Text.remove_prefix(End + 1);
    if (Name == "d" || Name == "wd")
      Out += Reg(Name[0] == 'w' ? 'w' : 'r', I.Dst);
    else if (Name == "s" || Name == "ws")
      Out += Reg(Name[0] == 'w' ? 'w' : 'r', I.Src);
    else if (Name == "i")
      Out += Numbers[I.Imm];
    else if (Name == "o")
      Out += (Numbers[I.Off][0] == '-' ? "" : "+ ") + Numbers[I.Off];
    else
      Out += "T";
  }
  return Out;
}

} // namespace bpfcc::superopt
