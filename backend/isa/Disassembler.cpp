#include "backend/isa/Disassembler.h"
#include "backend/isa/Encoding.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace bpfcc::isa {

static void printSigned(raw_ostream &OS, int64_t Value, const char *Plus) {
  OS << (Value < 0 ? "-" : Plus)
     << format_hex(Value < 0 ? 0 - uint64_t(Value) : uint64_t(Value), 0);
}

/// `+ 0x8`, `- 0x8`: the offset of a memory operand.
static void printOffset(raw_ostream &OS, int64_t Value) {
  OS << (Value < 0 ? "- " : "+ ");
  printSigned(OS, Value < 0 ? -Value : Value, "");
}

static const char *textOf(const Inst &I, PrintOptions Options) {
  const OpInfo &Row = info(I.Opcode);
  if (!Options.PlainKinds)
    return Row.Text;
  if (Row.F == Form::Imm64)
    return info(Op::LD_IMM64).Text;
  if (Row.F == Form::Call)
    return info(Op::CALL_HELPER).Text;
  return Row.Text;
}

void print(raw_ostream &OS, const Inst &I, PrintOptions Options) {
  Form F = form(I.Opcode);
  StringRef Text = textOf(I, Options);
  while (true) {
    size_t Open = Text.find('{');
    StringRef Plain = Text.take_front(Open);
    if (Open == StringRef::npos) {
      OS << Plain;
      return;
    }
    size_t Close = Text.find('}', Open);
    StringRef Operand = Text.slice(Open + 1, Close);
    Text = Text.drop_front(Close + 1);
    // A zero index of the legacy loads is not worth a word.
    if (Operand == "o" && F == Form::Ind && I.Imm == 0) {
      OS << Plain.rtrim();
      continue;
    }
    OS << Plain;
    if (Operand == "d")
      OS << 'r' << unsigned(I.Dst);
    else if (Operand == "wd")
      OS << 'w' << unsigned(I.Dst);
    else if (Operand == "s")
      OS << 'r' << unsigned(I.Src);
    else if (Operand == "ws")
      OS << 'w' << unsigned(I.Src);
    else if (Operand == "i" && F == Form::CastRR)
      OS << format_hex(uint32_t(I.Imm) >> 16, 0) << ", "
         << format_hex(I.Imm & 0xffff, 0);
    else if (Operand == "i")
      printSigned(OS, I.Imm, "");
    else if (Operand == "o")
      printOffset(OS, F == Form::Ind ? I.Imm : I.Off);
    else
      printSigned(OS, F == Form::JmpL || F == Form::Call ? I.Imm : I.Off, "+");
  }
}

} // namespace bpfcc::isa
