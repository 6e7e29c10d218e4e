// The code of an object:
//
//   xdp: prog, 9 instructions
//        ; t.c:16: __u32 *v = bpf_map_lookup_elem(&hits, &k);
//      0: r1 = map hits
//      2: call bpf_map_lookup_elem
//      3: if r0 == 0x0 goto L7
//      4: r1 = 0x10  // CO-RE: byte offset of task.comm
//     L7: exit
//
// Numbers are slots of 8 bytes from the start of the function, as in the
// kernel's log. A source line is printed once, where it changes.

#include "backend/btf/BtfText.h"
#include "backend/isa/Disassembler.h"
#include "backend/isa/Encoding.h"
#include "backend/target/Helpers.h"
#include "support/Diagnostic.h"
#include "tools/bpfcc/DumpFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <set>

using namespace llvm;
using bpfcc::isa::Op;

namespace bpfcc::tools {

constexpr uint64_t SlotBytes = 8;

namespace {

/// One instruction, or what is none.
struct Slot {
  uint64_t Number;
  isa::Inst Inst;
  std::string Bad; ///< why it is no instruction
};

class Piece {
public:
  Piece(raw_ostream &OS, const DumpFile &F, const CodePiece &P, bool Source)
      : OS(OS), F(F), P(P), Section(F.object().Sections[P.Section].Name),
        Source(Source) {}
  void print();

private:
  void decode();
  int64_t jumpTarget(const Slot &S) const;
  void source(uint64_t Number);
  void instruction(const Slot &S);
  void imm64(const isa::Inst &I, const RelocTarget &T);
  bool call(const Slot &S, const Relocation *R);

  raw_ostream &OS;
  const DumpFile &F;
  const CodePiece &P;
  const std::string &Section;
  bool Source;
  std::vector<Slot> Slots;
  std::set<int64_t> Labels;
  std::pair<StringRef, uint32_t> LastLine;
  std::string Comment;
};

} // namespace

void Piece::decode() {
  bool BigEndian = F.object().BigEndian;
  for (uint64_t At = 0; At < P.Bytes.size();) {
    Slot S{At / SlotBytes, {}, {}};
    auto I = isa::decodeOne(P.Bytes.drop_front(At), BigEndian);
    if (I)
      S.Inst = *I;
    else
      S.Bad = takeMessages(I.takeError());
    At += S.Bad.empty() ? isa::slots(S.Inst.Opcode) * SlotBytes : SlotBytes;
    Slots.push_back(std::move(S));
  }
  for (const Slot &S : Slots)
    if (int64_t To = jumpTarget(S); To >= 0)
      Labels.insert(To);
}

/// The slot that \p S may jump to; -1 if it is no jump.
int64_t Piece::jumpTarget(const Slot &S) const {
  if (!S.Bad.empty() || !isa::isJump(S.Inst.Opcode))
    return -1;
  bool Long = isa::form(S.Inst.Opcode) == isa::Form::JmpL;
  return int64_t(S.Number) + 1 + (Long ? S.Inst.Imm : S.Inst.Off);
}

void Piece::source(uint64_t Number) {
  uint64_t At = P.Start + Number * SlotBytes;
  for (const BtfFile::Line &L : F.lines(Section, At, At + SlotBytes)) {
    if (L.Line == 0 || LastLine == std::pair(L.File, L.Line))
      continue;
    LastLine = {L.File, L.Line};
    OS << "       ; ";
    printText(OS, L.File);
    OS << ':' << L.Line;
    if (StringRef Text = L.Text.trim(); !Text.empty()) {
      OS << ": ";
      printText(OS, Text);
    }
    OS << '\n';
  }
}

void Piece::imm64(const isa::Inst &I, const RelocTarget &T) {
  OS << 'r' << unsigned(I.Dst) << " = ";
  if (T.What == RelocTarget::Map)
    OS << "map ";
  else
    OS << '&';
  printText(OS, T.place());
  if (T.What == RelocTarget::Kernel)
    Comment = "defined elsewhere";
  if (!T.Text.empty()) {
    raw_string_ostream Text(Comment);
    printQuoted(Text, T.Text);
  }
}

/// Prints a call of something with a name.
bool Piece::call(const Slot &S, const Relocation *R) {
  if (S.Inst.Opcode == Op::CALL_HELPER && !R) {
    if (const auto *H = target::helperById(unsigned(S.Inst.Imm))) {
      OS << "call " << H->Name;
      return true;
    }
    return false;
  }
  if (S.Inst.Opcode != Op::CALL_SUBPROG && !R)
    return false;
  RelocTarget T;
  if (R) {
    T = F.target(*R, uint64_t(S.Inst.Imm + 1) * SlotBytes);
    if (T.What == RelocTarget::Kernel) {
      T.Offset = 0;
      Comment = "defined elsewhere";
    }
  } else {
    uint64_t To =
        P.Start + uint64_t(int64_t(S.Number) + 1 + S.Inst.Imm) * SlotBytes;
    T = F.place(P.Section, To);
  }
  OS << "call ";
  printText(OS, T.place());
  return true;
}

void Piece::instruction(const Slot &S) {
  std::string Number =
      (Labels.count(int64_t(S.Number)) ? "L" : "") + std::to_string(S.Number);
  OS << right_justify(Number, 6) << ": ";
  Comment.clear();
  uint64_t At = P.Start + S.Number * SlotBytes;
  if (!S.Bad.empty()) {
    ArrayRef<uint8_t> Bytes = P.Bytes.drop_front(S.Number * SlotBytes);
    OS << ".byte";
    for (uint8_t B : Bytes.take_front(SlotBytes))
      OS << ' ' << format_hex(B, 4);
    OS << "  // " << S.Bad << '\n';
    return;
  }
  const Relocation *R = F.relocationAt(P.Section, At);
  isa::Form Form = isa::form(S.Inst.Opcode);
  if (R && Form == isa::Form::Imm64) {
    imm64(S.Inst, F.target(*R, uint64_t(S.Inst.Imm)));
  } else if (Form != isa::Form::Call || !call(S, R)) {
    std::string Text;
    raw_string_ostream TextOS(Text);
    isa::print(TextOS, S.Inst);
    int64_t To = jumpTarget(S);
    // The distance of a jump is the last word of its text.
    if (To >= 0)
      OS << StringRef(Text).take_front(Text.rfind(' ')) << " L" << To;
    else
      OS << Text;
  }
  for (const BtfFile::CoreRelo &C : F.coreRelos(Section, At, At + SlotBytes))
    Comment += (Comment.empty() ? "CO-RE: " : "; CO-RE: ") +
               describeCoreRelo(F.btf(), C);
  if (!Comment.empty()) {
    OS << "  // ";
    printText(OS, Comment);
  }
  OS << '\n';
}

void Piece::print() {
  decode();
  printText(OS, Section + ": " + (P.Name.empty() ? "(no name)" : P.Name));
  uint64_t Count = P.Bytes.size() / SlotBytes;
  OS << ", " << Count << (Count == 1 ? " instruction\n" : " instructions\n");
  for (const Slot &S : Slots) {
    if (Source)
      source(S.Number);
    instruction(S);
  }
}

void dumpCode(raw_ostream &OS, const DumpFile &F, StringRef Only, bool Source) {
  bool First = true;
  for (const CodePiece &P : F.pieces()) {
    if (!Only.empty() && F.object().Sections[P.Section].Name != Only)
      continue;
    if (!First)
      OS << '\n';
    First = false;
    Piece(OS, F, P, Source).print();
  }
}

} // namespace bpfcc::tools
