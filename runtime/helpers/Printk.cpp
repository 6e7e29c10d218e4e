// The formats of bpf_trace_printk, bpf_trace_vprintk and bpf_snprintf
// (bpf_bprintf_prepare in kernel/bpf/helpers.c): %d %i %u %x %X with l and ll,
// %c, %s and %pks %pus (strings), %p %px %pK (pointers), %ps %pS %pB (symbols,
// of which there are none here), %pI4 %pi4 %pI6 %pi6 (addresses), with flags,
// width and precision.

#include "runtime/helpers/Call.h"

#include "llvm/ADT/StringExtras.h"

#include <cstdio>

using namespace llvm;

namespace bpfcc {
namespace {

/// Whether \p Spec is flags, then a width, then a precision.
bool isSpec(StringRef Spec) {
  Spec = Spec.ltrim("-+ #0").ltrim("0123456789");
  return Spec.empty() ||
         (Spec.consume_front(".") && Spec.ltrim("0123456789").empty());
}

std::string pad(StringRef Text, StringRef Spec) {
  bool Left = Spec.consume_front("-");
  Spec = Spec.ltrim("-0+ #");
  unsigned Width = 0, Precision = ~0u;
  Spec.consumeInteger(10, Width);
  if (Spec.consume_front(".") && Spec.consumeInteger(10, Precision))
    Precision = 0;
  Text = Text.take_front(Precision);
  Width = std::min(Width, 1024u);
  std::string Fill(Width > Text.size() ? Width - Text.size() : 0, ' ');
  return Left ? (Text + Fill).str() : Fill + Text.str();
}

std::string stringAt(const Memory &Mem, uint64_t Guest) {
  constexpr uint64_t MaxString = 512;
  uint64_t Mapped = std::min(Mem.mappedFrom(Guest), MaxString);
  const uint8_t *Host = Mapped ? Mem.at(Guest, Mapped, false) : nullptr;
  if (!Host)
    return {};
  StringRef Text(reinterpret_cast<const char *>(Host), Mapped);
  return Text.take_until([](char C) { return C == 0; }).str();
}

std::string ip4(const uint8_t *B, bool Dots) {
  char Text[32];
  snprintf(Text, sizeof(Text), Dots ? "%u.%u.%u.%u" : "%03u.%03u.%03u.%03u",
           B[0], B[1], B[2], B[3]);
  return Text;
}

std::string ip6(const uint8_t *B, bool Colons) {
  std::string Text;
  for (unsigned I = 0; I != 16; I += 2) {
    if (I && Colons)
      Text += ':';
    Text += utohexstr(B[I], true, 2) + utohexstr(B[I + 1], true, 2);
  }
  return Text;
}

} // namespace

std::optional<std::string> formatPrintk(const Memory &Mem, StringRef Format,
                                        ArrayRef<uint64_t> Args) {
  std::string Out;
  auto Next = [&]() -> std::optional<uint64_t> {
    if (Args.empty())
      return std::nullopt;
    uint64_t V = Args.front();
    Args = Args.drop_front();
    return V;
  };
  while (!Format.empty()) {
    char C = Format.front();
    Format = Format.drop_front();
    if (!isASCII(C) || (!isPrint(C) && !isSpace(C)))
      return std::nullopt;
    if (C != '%') {
      Out += C;
      continue;
    }
    if (Format.consume_front("%")) {
      Out += '%';
      continue;
    }
    StringRef Spec =
        Format.take_while([](char S) { return strchr("-+ #0123456789.", S); });
    Format = Format.drop_front(Spec.size());
    auto Value = Next();
    if (!Value || Format.empty() || Spec.size() > 8 || !isSpec(Spec))
      return std::nullopt;
    if (Format.consume_front("s") || Format.consume_front("pks") ||
        Format.consume_front("pus")) {
      Out += pad(stringAt(Mem, *Value), Spec);
      continue;
    }
    if (Format.consume_front("c")) {
      Out += pad(std::string(1, char(*Value)), Spec);
      continue;
    }
    if (Format.consume_front("p")) {
      if (Format.starts_with_insensitive("i4") ||
          Format.starts_with_insensitive("i6")) {
        bool Separators = Format[0] == 'I', Six = Format[1] == '6';
        Format = Format.drop_front(2);
        const uint8_t *Host = Mem.at(*Value, Six ? 16 : 4, false);
        static constexpr uint8_t Zero[16] = {};
        if (!Host)
          Host = Zero;
        Out += Six ? ip6(Host, Separators) : ip4(Host, Separators);
        continue;
      }
      if (!Format.empty() && strchr("KxsSB", Format[0]))
        Format = Format.drop_front();
      else if (!Format.empty() && isAlnum(Format[0]))
        return std::nullopt;
      Out += pad(utohexstr(*Value, true, 16), Spec);
      continue;
    }
    unsigned Long = 0;
    while (Long < 2 && Format.consume_front("l"))
      ++Long;
    if (Format.empty() || !strchr("diuxX", Format[0]))
      return std::nullopt;
    char Conversion = Format[0];
    Format = Format.drop_front();
    bool Signed = Conversion == 'd' || Conversion == 'i';
    if (!Long)
      *Value = Signed ? uint64_t(int64_t(int32_t(*Value))) : uint32_t(*Value);
    std::string Host = ("%" + Spec + "ll" + StringRef(&Conversion, 1)).str();
    char Text[128];
    int Length = snprintf(Text, sizeof(Text), Host.c_str(), *Value);
    Out.append(Text, std::clamp<int>(Length, 0, sizeof(Text) - 1));
  }
  return Out;
}

} // namespace bpfcc
