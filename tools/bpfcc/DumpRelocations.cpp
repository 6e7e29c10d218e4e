// Relocations in words:
//
//   xdp: prog, relocations
//     insn 5: address of map `hits`
//     insn 9: CO-RE: byte offset of task_struct.pid, 2460 here
//   .maps, relocations
//     byte 24: address of map `inner`

#include "backend/btf/BtfText.h"
#include "backend/isa/Encoding.h"
#include "support/Diagnostic.h"
#include "tools/bpfcc/DumpFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

using namespace llvm;

namespace bpfcc::tools {

constexpr uint64_t SlotBytes = 8;

static void printTarget(raw_ostream &OS, const RelocTarget &T) {
  switch (T.What) {
  case RelocTarget::Map:
    OS << "map ";
    break;
  case RelocTarget::Code:
    OS << "function ";
    break;
  default:
    break;
  }
  OS << '`';
  printText(OS, T.Name);
  OS << '`';
  if (T.Offset)
    OS << " + " << T.Offset;
  if (T.What == RelocTarget::Kernel)
    OS << ", defined elsewhere";
  if (T.Text.empty())
    return;
  OS << ", ";
  printQuoted(OS, T.Text);
}

/// The number that a CO-RE relocation replaces.
static int64_t localValue(const isa::Inst &I) {
  switch (isa::form(I.Opcode)) {
  case isa::Form::Load:
  case isa::Form::StoreR:
  case isa::Form::StoreI:
    return I.Off;
  default:
    return I.Imm;
  }
}

static void printInCode(raw_ostream &OS, const DumpFile &F, const CodePiece &P,
                        const Relocation &R) {
  auto I = isa::decodeOne(P.Bytes.drop_front(R.Offset - P.Start),
                          F.object().BigEndian);
  if (!I) {
    OS << "type " << R.Type
       << " on what is no instruction: " << takeMessages(I.takeError());
    return;
  }
  isa::Form Form = isa::form(I->Opcode);
  if (Form == isa::Form::Call) {
    RelocTarget T = F.target(R, uint64_t(I->Imm + 1) * SlotBytes);
    if (T.What == RelocTarget::Kernel)
      T.Offset = 0;
    OS << "call of ";
    printTarget(OS, T);
  } else if (Form == isa::Form::Imm64) {
    OS << "address of ";
    printTarget(OS, F.target(R, uint64_t(I->Imm)));
  } else {
    OS << "type " << R.Type << ", ";
    printTarget(OS, F.target(R, 0));
  }
}

static void printPiece(raw_ostream &OS, const DumpFile &F, const CodePiece &P) {
  const Section &S = F.object().Sections[P.Section];
  uint64_t End = P.Start + P.Bytes.size();
  auto Relos = F.coreRelos(S.Name, P.Start, End);
  auto First = partition_point(
      S.Relocs, [&](const Relocation &R) { return R.Offset < P.Start; });
  auto Last = partition_point(
      S.Relocs, [&](const Relocation &R) { return R.Offset < End; });
  if (First == Last && Relos.empty())
    return;
  printText(OS, S.Name + ": " + (P.Name.empty() ? "(no name)" : P.Name));
  OS << ", relocations\n";
  auto Insn = [&](uint64_t Offset) -> raw_ostream & {
    return OS << "  insn " << (Offset - P.Start) / SlotBytes << ": ";
  };
  auto Core = Relos.begin();
  auto PrintCore = [&] {
    Insn(Core->Offset) << "CO-RE: ";
    printText(OS, describeCoreRelo(F.btf(), *Core));
    auto I = isa::decodeOne(P.Bytes.drop_front(Core->Offset - P.Start),
                            F.object().BigEndian);
    if (I)
      OS << ", " << localValue(*I) << " here";
    else
      OS << ", on what is no instruction: " << takeMessages(I.takeError());
    OS << '\n';
    ++Core;
  };
  for (auto R = First; R != Last; ++R) {
    while (Core != Relos.end() && Core->Offset < R->Offset)
      PrintCore();
    printInCode(Insn(R->Offset), F, P, *R);
    OS << '\n';
  }
  while (Core != Relos.end())
    PrintCore();
}

static void printData(raw_ostream &OS, const DumpFile &F, const Section &S) {
  auto Order = F.object().BigEndian ? endianness::big : endianness::little;
  for (const Relocation &R : S.Relocs) {
    OS << "  byte " << R.Offset << ": ";
    uint64_t Room = R.Offset < S.Data.size() ? S.Data.size() - R.Offset : 0;
    uint64_t Addend = 0;
    if (R.Type == R_BPF_64_ABS64 && Room >= 8)
      Addend = support::endian::read64(&S.Data[R.Offset], Order);
    else if (R.Type == R_BPF_64_ABS32 && Room >= 4)
      Addend = support::endian::read32(&S.Data[R.Offset], Order);
    else
      OS << "type " << R.Type << ", ";
    OS << "address of ";
    printTarget(OS, F.target(R, Addend));
    OS << '\n';
  }
}

void dumpRelocations(raw_ostream &OS, const DumpFile &F, StringRef Only) {
  const Object &O = F.object();
  for (const CodePiece &P : F.pieces())
    if (Only.empty() || O.Sections[P.Section].Name == Only)
      printPiece(OS, F, P);
  for (const Section &S : O.Sections) {
    if (S.Relocs.empty() || S.Flags & ELF::SHF_EXECINSTR ||
        (!Only.empty() && S.Name != Only))
      continue;
    printText(OS, S.Name);
    if (S.Flags & ELF::SHF_ALLOC || S.Name == ".maps" || S.Name == "maps") {
      OS << ", relocations\n";
      printData(OS, F, S);
    } else {
      OS << ", " << S.Relocs.size() << " relocations for the linker\n";
    }
  }
}

} // namespace bpfcc::tools
