// Assembly text.
//
// needs: a finished object
// gives: directives, labels and instructions that assemble to the same bytes
//
//   18 01 .. 08    R_BPF_64_64 .data      ->      r1 = s ll
//   15 01 05 00                           ->      if r1 == 0 goto L2_16

#include "backend/codegen/AsmPrinter.h"

#include "backend/isa/Disassembler.h"
#include "backend/isa/Encoding.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>

namespace bpfcc {

using namespace llvm;

namespace {

constexpr unsigned SlotBytes = 8;
constexpr uint64_t BytesPerLine = 16;

class Printer {
public:
  Printer(raw_ostream &OS, const Object &O) : OS(OS), O(O) {
    Starts.resize(O.Sections.size());
    for (const Symbol &S : O.Symbols)
      if (S.Section >= 0 && S.Type != ELF::STT_SECTION)
        Starts[uint32_t(S.Section)].emplace(S.Value, &S);
  }

  void run() {
    for (uint32_t I = 0; I < O.Sections.size(); ++I)
      section(I);
    for (const Symbol &S : O.Symbols)
      if (S.Section < 0 && S.Binding == ELF::STB_WEAK)
        OS << "\t.weak\t" << S.Name << '\n';
  }

private:
  void section(uint32_t Index) {
    const Section &S = O.Sections[Index];
    OS << "\t.section\t\"" << S.Name << "\",\"" << flags(S.Flags) << "\","
       << (S.Type == ELF::SHT_NOBITS ? "@nobits" : "@progbits");
    if (S.EntrySize && S.Flags & ELF::SHF_MERGE)
      OS << ',' << S.EntrySize;
    OS << "\n\t.p2align\t" << Log2_64(std::max(1u, S.Align)) << '\n';
    Relocs.clear();
    for (const Relocation &R : S.Relocs)
      Relocs[R.Offset] = &R;
    if (S.Flags & ELF::SHF_EXECINSTR)
      code(Index);
    else
      data(Index);
  }

  static std::string flags(uint64_t Flags) {
    std::string Text;
    for (auto [Flag, Letter] : std::initializer_list<std::pair<uint64_t, char>>{
             {ELF::SHF_ALLOC, 'a'},
             {ELF::SHF_WRITE, 'w'},
             {ELF::SHF_EXECINSTR, 'x'},
             {ELF::SHF_MERGE, 'M'},
             {ELF::SHF_STRINGS, 'S'}})
      if (Flags & Flag)
        Text += Letter;
    return Text;
  }

  void labelsAt(uint32_t Index, uint64_t Offset) {
    auto [First, Last] = Starts[Index].equal_range(Offset);
    for (auto It = First; It != Last; ++It) {
      const Symbol &S = *It->second;
      if (S.Binding != ELF::STB_LOCAL)
        OS << (S.Binding == ELF::STB_WEAK ? "\t.weak\t" : "\t.globl\t")
           << S.Name << '\n';
      if (S.Visibility == ELF::STV_HIDDEN)
        OS << "\t.hidden\t" << S.Name << '\n';
      OS << "\t.type\t" << S.Name
         << (S.Type == ELF::STT_FUNC ? ",@function\n" : ",@object\n");
      OS << "\t.size\t" << S.Name << ", " << S.Size << '\n' << S.Name << ":\n";
    }
  }

  /// What lies \p Addend bytes behind the symbol of \p R, by a name.
  std::string target(const Relocation &R, int64_t Addend) const {
    const Symbol &S = O.Symbols[R.Symbol];
    if (S.Type != ELF::STT_SECTION)
      return S.Name + offset(Addend);
    const auto &Names = Starts[uint32_t(S.Section)];
    auto It = Names.upper_bound(uint64_t(std::max<int64_t>(Addend, 0)));
    if (It == Names.begin())
      return O.Sections[uint32_t(S.Section)].Name + offset(Addend);
    const Symbol &Near = *std::prev(It)->second;
    return Near.Name + offset(Addend - int64_t(Near.Value));
  }

  static std::string offset(int64_t Distance) {
    if (!Distance)
      return {};
    return formatv("{0}{1}", Distance < 0 ? "" : "+", Distance).str();
  }

  void code(uint32_t Index) {
    ArrayRef<uint8_t> Data = O.Sections[Index].Data;
    std::map<uint64_t, std::optional<isa::Inst>> Insts; // by offset
    DenseSet<uint64_t> Labels;
    for (uint64_t At = 0; At < Data.size();) {
      auto I = isa::decodeOne(Data.drop_front(At), O.BigEndian);
      std::optional<isa::Inst> &Inst = Insts[At];
      if (I)
        Inst = *I;
      consumeError(I.takeError());
      if (Inst && isa::isJump(Inst->Opcode))
        Labels.insert(jumpTarget(*Inst, At));
      At += (Inst ? isa::slots(Inst->Opcode) : 1) * SlotBytes;
    }
    for (const auto &[At, I] : Insts) {
      labelsAt(Index, At);
      if (Labels.contains(At))
        OS << label(Index, At) << ":\n";
      OS << '\t';
      if (I)
        inst(*I, Index, At);
      else
        OS << ".8byte\t"
           << format_hex(support::endian::read<uint64_t>(&Data[At], order()),
                         18);
      OS << '\n';
    }
  }

  static uint64_t jumpTarget(const isa::Inst &I, uint64_t At) {
    int64_t Distance = isa::form(I.Opcode) == isa::Form::JmpL ? I.Imm : I.Off;
    return At + uint64_t((Distance + 1) * int64_t(SlotBytes));
  }

  static std::string label(uint32_t Index, uint64_t At) {
    return formatv(".L{0}_{1}", Index, At / SlotBytes).str();
  }

  void inst(const isa::Inst &I, uint32_t Index, uint64_t At) {
    std::string Text;
    raw_string_ostream Line(Text);
    isa::print(Line, I, {/*PlainKinds=*/true});
    auto R = Relocs.find(At);
    if (isa::form(I.Opcode) == isa::Form::Imm64 && R != Relocs.end()) {
      OS << Text.substr(0, Text.find('=') + 2) << target(*R->second, I.Imm)
         << " ll";
    } else if (I.Opcode == isa::Op::CALL_SUBPROG) {
      int64_t Distance = (I.Imm + 1) * int64_t(SlotBytes);
      OS << "call ";
      if (R != Relocs.end())
        OS << target(*R->second, Distance);
      else
        OS << functionAt(Index, At + uint64_t(Distance));
    } else if (isa::isJump(I.Opcode)) {
      OS << Text.substr(0, Text.rfind(' ') + 1)
         << label(Index, jumpTarget(I, At));
    } else {
      OS << Text;
    }
  }

  std::string functionAt(uint32_t Index, uint64_t At) const {
    auto It = Starts[Index].find(At);
    return It == Starts[Index].end() ? label(Index, At) : It->second->Name;
  }

  void data(uint32_t Index) {
    const Section &S = O.Sections[Index];
    uint64_t At = 0;
    while (At < S.Size) {
      labelsAt(Index, At);
      if (auto R = Relocs.find(At); R != Relocs.end()) {
        At += address(S, *R->second);
        continue;
      }
      uint64_t End = S.Size;
      auto Next = Starts[Index].upper_bound(At);
      if (Next != Starts[Index].end())
        End = std::min(End, Next->first);
      auto Reloc = Relocs.upper_bound(At);
      if (Reloc != Relocs.end())
        End = std::min(End, Reloc->first);
      plain(S, At, End);
      At = End;
    }
    labelsAt(Index, S.Size);
  }

  endianness order() const {
    return O.BigEndian ? endianness::big : endianness::little;
  }

  uint64_t address(const Section &S, const Relocation &R) {
    unsigned Size = R.Type == R_BPF_64_ABS64 ? 8 : 4;
    const uint8_t *P = S.Data.data() + R.Offset;
    int64_t Addend = Size == 8
                         ? int64_t(support::endian::read<uint64_t>(P, order()))
                         : support::endian::read<int32_t>(P, order());
    OS << (Size == 8 ? "\t.quad\t" : "\t.long\t") << target(R, Addend) << '\n';
    return Size;
  }

  void plain(const Section &S, uint64_t From, uint64_t To) {
    auto Rest = S.Data.empty() ? ArrayRef<uint8_t>()
                               : ArrayRef(S.Data).slice(From, To - From);
    if (all_of(Rest, [](uint8_t B) { return B == 0; })) {
      OS << "\t.zero\t" << To - From << '\n';
      return;
    }
    while (!Rest.empty()) {
      OS << "\t.byte\t";
      ListSeparator Comma(", ");
      for (uint8_t Byte : Rest.take_front(BytesPerLine))
        OS << Comma << unsigned(Byte);
      OS << '\n';
      Rest = Rest.drop_front(std::min<size_t>(BytesPerLine, Rest.size()));
    }
  }

  raw_ostream &OS;
  const Object &O;
  std::vector<std::multimap<uint64_t, const Symbol *>> Starts;
  std::map<uint64_t, const Relocation *> Relocs;
};

} // namespace

void printAssembly(raw_ostream &OS, const Object &O) { Printer(OS, O).run(); }

} // namespace bpfcc
