// Printing, parsing and comparing text.

#include "runtime/helpers/Call.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {
namespace {

/// The text up to its zero; nothing if there is none in \p Size bytes.
std::optional<StringRef> terminated(const uint8_t *Host, uint64_t Size) {
  const void *End = memchr(Host, 0, Size);
  if (!End)
    return std::nullopt;
  return StringRef(reinterpret_cast<const char *>(Host),
                   static_cast<const uint8_t *>(End) - Host);
}

Result print(Call &C, ArrayRef<uint64_t> Args) {
  auto Format = terminated(C.Mem[0], C.R[1]);
  auto Text = Format ? formatPrintk(C.Env.Mem, *Format, Args) : std::nullopt;
  if (!Text)
    return fail(EINVAL);
  if (C.Env.Trace)
    *C.Env.Trace << *Text << (StringRef(*Text).ends_with("\n") ? "" : "\n");
  return Text->size();
}

Result tracePrintk(Call &C) { return print(C, ArrayRef(C.R).drop_front(2)); }

std::optional<std::vector<uint64_t>> words(const Call &C, unsigned N) {
  uint64_t Size = C.R[N + 1];
  if (Size % 8 || Size > 12 * 8 || (Size && !C.Mem[N]))
    return std::nullopt;
  std::vector<uint64_t> Words;
  for (uint64_t I = 0; I != Size; I += 8)
    Words.push_back(C.load(C.Mem[N] + I, 8));
  return Words;
}

Result traceVprintk(Call &C) {
  auto Args = words(C, 2);
  return Args ? print(C, *Args) : fail(EINVAL);
}

/// Gives the length with the final zero, cut or not.
Result formatInto(Call &C) {
  auto Args = words(C, 3);
  if (!Args)
    return fail(EINVAL);
  StringRef Format(reinterpret_cast<const char *>(C.Mem[2]));
  auto Text = formatPrintk(C.Env.Mem, Format, *Args);
  if (!Text)
    return fail(EINVAL);
  if (C.Mem[0] && C.R[1]) {
    StringRef Fits = StringRef(*Text).take_front(C.R[1] - 1);
    memcpy(C.Mem[0], Fits.data(), Fits.size());
    C.Mem[0][Fits.size()] = 0;
  }
  return Text->size() + 1;
}

Result compare(Call &C) {
  const char *A = reinterpret_cast<const char *>(C.Mem[0]);
  const char *B = reinterpret_cast<const char *>(C.Mem[2]);
  int Order = strncmp(A, B, C.R[1]);
  return status(Order < 0 ? -1 : Order > 0);
}

struct Parsed {
  int Error = 0;
  bool Negative = false;
  uint64_t Value = 0;
  uint64_t Consumed = 0;
};

Parsed parse(const Call &C) {
  uint64_t Base = C.R[2];
  StringRef Text(reinterpret_cast<const char *>(C.Mem[0]), C.R[1]);
  if (Base != 0 && Base != 8 && Base != 10 && Base != 16)
    return {EINVAL};
  Parsed P;
  StringRef Rest = Text.ltrim(" \t\n\v\f\r");
  P.Negative = Rest.consume_front("-");
  Rest = Rest.take_front(63);
  bool Hex = Rest.size() > 2 && Rest[0] == '0' && (Rest[1] | 32) == 'x' &&
             isHexDigit(Rest[2]);
  if (Base == 0)
    Base = Hex ? 16 : Rest.starts_with("0") ? 8 : 10;
  // With the base given, the prefix needs no digit after it.
  if (Base == 16 && !Rest.consume_front("0x"))
    Rest.consume_front("0X");
  const char *First = Rest.data();
  bool Overflow = false;
  for (; !Rest.empty(); Rest = Rest.drop_front()) {
    unsigned Digit = hexDigitValue(Rest[0]);
    if (Digit >= Base)
      break;
    Overflow |= P.Value > (UINT64_MAX - Digit) / Base;
    P.Value = P.Value * Base + Digit;
  }
  if (Rest.data() == First)
    return {EINVAL};
  if (Overflow)
    return {ERANGE};
  P.Consumed = Rest.data() - Text.data();
  return P;
}

Result toSigned(Call &C) {
  Parsed P = parse(C);
  if (!P.Error && P.Value > uint64_t(INT64_MAX) + P.Negative)
    P.Error = ERANGE;
  C.store(C.Mem[3], 8, P.Error ? 0 : P.Negative ? -P.Value : P.Value);
  return P.Error ? fail(P.Error) : P.Consumed;
}

Result toUnsigned(Call &C) {
  Parsed P = parse(C);
  if (P.Negative)
    P.Error = EINVAL;
  C.store(C.Mem[3], 8, P.Error ? 0 : P.Value);
  return P.Error ? fail(P.Error) : P.Consumed;
}

} // namespace

HelperFunction textHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("trace_printk", tracePrintk)
      .Case("trace_vprintk", traceVprintk)
      .Case("snprintf", formatInto)
      .Case("strncmp", compare)
      .Case("strtol", toSigned)
      .Case("strtoul", toUnsigned)
      .Default(nullptr);
}

} // namespace bpfcc
