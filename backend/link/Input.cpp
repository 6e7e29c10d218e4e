// What one object brings to a link.
//
// needs: an Object as a compiler or an earlier link made it, or damaged
// gives: its sections with what becomes of them, cut into pieces; its types;
//        which variable or function of .BTF each symbol is
//
//   .text   [ add ][ twice ][ step ]     functions: pieces, which may go alone
//   .maps   [ flows ][ seen ]            so are maps
//   .data   [ limit  names   table ]     data stays together, as in ld(1)
//
// A call within a section of code may have no relocation. Distances within a
// section do not change unless pieces of it go.

#include "backend/link/Input.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

namespace bpfcc::link {

using namespace llvm;

uint32_t InputSection::pieceAt(uint64_t Offset) const {
  auto It = partition_point(Pieces,
                            [&](const Piece &P) { return P.Start <= Offset; });
  return uint32_t(It == Pieces.begin() ? 0 : It - Pieces.begin() - 1);
}

SourceLoc Input::lineAt(uint32_t Section, uint64_t Offset) const {
  const BtfFile::Line *Best = nullptr;
  for (const BtfFile::Line &L : Types.Lines)
    if (L.Offset <= Offset && L.Line && (!Best || Best->Offset <= L.Offset) &&
        L.Section == Obj.Sections[Section].Name)
      Best = &L;
  if (!Best)
    return {Name, 0, 0};
  return {Best->File.str(), Best->Line, Best->Column};
}

SourceLoc Input::definition(uint32_t Number) const {
  const Symbol &S = Obj.Symbols[Number];
  if (S.Section < 0 || Sections[uint32_t(S.Section)].How != Use::Code)
    return {Name, 0, 0};
  return lineAt(uint32_t(S.Section), S.Value);
}

static endianness orderOf(bool BigEndian) {
  return BigEndian ? endianness::big : endianness::little;
}

constexpr uint8_t CallOpcode = 0x85, LoadImm64Opcode = 0x18;
constexpr uint8_t PseudoCall = 1; ///< source register of a call of a subprog
constexpr uint64_t SlotBytes = 8, ImmAt = 4;

static bool isWide(const Section &S, const Relocation &R) {
  return !(S.Flags & ELF::SHF_EXECINSTR) && R.Type == R_BPF_64_ABS64;
}

/// Where the bytes are that \p R changes.
static uint64_t fieldOf(const Section &S, const Relocation &R) {
  return R.Offset + (S.Flags & ELF::SHF_EXECINSTR ? ImmAt : 0);
}

uint64_t addendOf(const Section &S, const Relocation &R, bool BigEndian) {
  const uint8_t *At = S.Data.data() + fieldOf(S, R);
  if (isWide(S, R))
    return support::endian::read64(At, orderOf(BigEndian));
  uint32_t Value = support::endian::read32(At, orderOf(BigEndian));
  if (R.Type == R_BPF_64_32) // slots from the next instruction
    return (uint64_t(int64_t(int32_t(Value))) + 1) * SlotBytes;
  return Value;
}

void setAddend(Section &S, const Relocation &R, bool BigEndian,
               uint64_t Addend) {
  uint8_t *At = S.Data.data() + fieldOf(S, R);
  if (isWide(S, R))
    return support::endian::write64(At, Addend, orderOf(BigEndian));
  if (R.Type == R_BPF_64_32)
    Addend = Addend / SlotBytes - 1;
  support::endian::write32(At, uint32_t(Addend), orderOf(BigEndian));
}

std::vector<LocalCall> localCalls(const Input &In, uint32_t Number) {
  const Section &S = In.Obj.Sections[Number];
  const std::vector<uint32_t> &Order = In.Sections[Number].Order;
  std::vector<LocalCall> Calls;
  size_t Next = 0;
  for (uint64_t At = 0; At + SlotBytes <= S.Data.size(); At += SlotBytes) {
    uint8_t Opcode = S.Data[At], Registers = S.Data[At + 1];
    while (Next != Order.size() && S.Relocs[Order[Next]].Offset < At)
      ++Next;
    bool Relocated = Next != Order.size() && S.Relocs[Order[Next]].Offset == At;
    unsigned Source = In.Obj.BigEndian ? Registers & 15 : Registers >> 4;
    if (Opcode == CallOpcode && Source == PseudoCall && !Relocated) {
      int32_t Distance = int32_t(support::endian::read32(
          S.Data.data() + At + ImmAt, orderOf(In.Obj.BigEndian)));
      Calls.push_back({At, At + uint64_t(int64_t(Distance) + 1) * SlotBytes});
    }
    if (Opcode == LoadImm64Opcode)
      At += SlotBytes;
  }
  return Calls;
}

static Use useOf(const Section &S) {
  StringRef Name = S.Name;
  if (S.Type != ELF::SHT_PROGBITS && S.Type != ELF::SHT_NOBITS)
    return Use::Drop;
  if (Name.starts_with(".debug_") || Name == ".BTF" || Name == ".BTF.ext" ||
      Name == ".comment" || Name.starts_with(".note"))
    return Use::Drop;
  if (S.Flags & ELF::SHF_EXECINSTR)
    return S.Size ? Use::Code : Use::Drop;
  if (Name == ".maps")
    return Use::Maps;
  if (Name == "license" || Name == "version")
    return Use::Once;
  return Use::Data;
}

static Error checkSections(const Input &In) {
  for (const Section &S : In.Obj.Sections) {
    if (S.Type == ELF::SHT_GROUP)
      return In.bad("it has groups of sections, which are not supported");
    bool IsCode = S.Flags & ELF::SHF_EXECINSTR;
    if (IsCode && S.Type != ELF::SHT_NOBITS && S.Size % SlotBytes)
      return In.bad("section `" + S.Name + "` ends within an instruction");
    for (const Relocation &R : S.Relocs) {
      uint64_t Bytes = IsCode || R.Type == R_BPF_64_ABS64 ? 8 : 4;
      if (R.Symbol >= In.Obj.Symbols.size())
        return In.bad("a relocation in `" + S.Name +
                      "` names a symbol that does not exist");
      if (R.Offset > S.Data.size() || Bytes > S.Data.size() - R.Offset)
        return In.bad("a relocation lies outside of section `" + S.Name + "`");
    }
  }
  for (const Symbol &S : In.Obj.Symbols)
    if (S.Section >= 0 && (uint32_t(S.Section) >= In.Obj.Sections.size() ||
                           S.Value > In.Obj.Sections[uint32_t(S.Section)].Size))
      return In.bad("symbol `" + S.Name + "` lies outside of its section");
  return Error::success();
}

static void cut(Input &In) {
  In.Sections.reserve(In.Obj.Sections.size());
  In.ByName.reserve(unsigned(In.Obj.Sections.size()));
  for (const Section &S : In.Obj.Sections) {
    In.ByName.try_emplace(S.Name, In.Sections.size());
    InputSection &I = In.Sections.emplace_back();
    I.How = useOf(S);
    if (I.How == Use::Drop)
      continue;
    I.Pieces.push_back({0, S.Size});
    for (uint32_t N = 0; N != S.Relocs.size(); ++N)
      I.Order.push_back(N);
    stable_sort(I.Order, [&](uint32_t A, uint32_t B) {
      return S.Relocs[A].Offset < S.Relocs[B].Offset;
    });
  }
  std::vector<uint32_t> Starts; // symbols that begin a piece
  for (uint32_t N = 0; N != In.Obj.Symbols.size(); ++N) {
    const Symbol &S = In.Obj.Symbols[N];
    if (S.Section < 0)
      continue;
    Use How = In.Sections[uint32_t(S.Section)].How;
    if ((How == Use::Code && S.Type == ELF::STT_FUNC &&
         S.Value % SlotBytes == 0) ||
        (How == Use::Maps && S.Type == ELF::STT_OBJECT))
      Starts.push_back(N);
  }
  auto Place = [&](uint32_t N) {
    const Symbol &S = In.Obj.Symbols[N];
    return std::pair(S.Section, S.Value);
  };
  stable_sort(Starts,
              [&](uint32_t A, uint32_t B) { return Place(A) < Place(B); });
  for (uint32_t N : Starts) {
    const Symbol &S = In.Obj.Symbols[N];
    std::vector<Piece> &Pieces = In.Sections[uint32_t(S.Section)].Pieces;
    Piece &Last = Pieces.back();
    uint64_t End = Last.Start + Last.Size;
    if (S.Value == Last.Start) {
      if (Last.Symbol == None)
        Last.Symbol = N;
    } else if (S.Value != End) {
      Last.Size = S.Value - Last.Start;
      Pieces.push_back({S.Value, End - S.Value, N});
    }
  }
}

static void describeSymbols(Input &In) {
  In.Descriptions.reserve(unsigned(In.Types.Declarations.size()));
  for (const BtfFile::Type &T : In.Types.Declarations) {
    if ((T.K == btf::KindFunc || T.K == btf::KindVar) &&
        T.Linkage != btf::Static)
      In.Descriptions[T.Name].Type = &T;
    if (T.K != btf::KindDatasec)
      continue;
    for (const BtfFile::Member &M : T.Members) {
      const BtfFile::Type &Var = In.Types.declaration(M.Type);
      if (Var.Linkage != btf::Static)
        In.Descriptions[Var.Name].Section = T.Name;
    }
  }
}

Expected<Input> readInput(LinkInput Given, TypePool &Pool, BtfFile &Scratch) {
  Input In;
  In.Name = std::move(Given.Name);
  In.Obj = std::move(Given.Obj);
  if (Error E = checkSections(In))
    return std::move(E);
  cut(In);
  auto Bytes = [&](ArrayRef<uint8_t> Shown, const char *Name) {
    const Section *S = Shown.empty() ? In.Obj.findSection(Name) : nullptr;
    return S ? ArrayRef(S->Data) : Shown;
  };
  auto Types = readInputTypes(Bytes(Given.Types.Btf, ".BTF"),
                              Bytes(Given.Types.Ext, ".BTF.ext"),
                              In.Obj.BigEndian, Pool, Scratch);
  if (!Types)
    return In.bad(takeMessages(Types.takeError()));
  In.Types = std::move(*Types);
  describeSymbols(In);
  return In;
}

} // namespace bpfcc::link
