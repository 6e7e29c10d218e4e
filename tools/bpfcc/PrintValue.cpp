#include "tools/bpfcc/PrintValue.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace bpfcc::tools {

constexpr unsigned MaxDepth = 16;

namespace {
class Printer {
public:
  Printer(const BtfView &Btf, bool BigEndian, raw_ostream &OS)
      : Btf(Btf), BigEndian(BigEndian), OS(OS) {}

  void value(uint32_t Id, ArrayRef<uint8_t> Bytes, unsigned Depth);

private:
  void hex(ArrayRef<uint8_t> Bytes);
  void number(const BtfView::Type &T, uint64_t V, unsigned Bits);
  void array(const BtfView::Type &T, ArrayRef<uint8_t> Bytes, unsigned Depth);
  void members(const BtfView::Type &T, ArrayRef<uint8_t> Bytes, unsigned Depth);
  uint64_t bits(ArrayRef<uint8_t> Bytes, uint64_t Offset, unsigned Size);

  const BtfView &Btf;
  bool BigEndian;
  raw_ostream &OS;
};
} // namespace

uint64_t readNumber(ArrayRef<uint8_t> Bytes, bool BigEndian) {
  uint64_t V = 0;
  for (size_t N = 0; N != Bytes.size(); ++N)
    V = V << 8 | Bytes[BigEndian ? N : Bytes.size() - 1 - N];
  return V;
}

void Printer::hex(ArrayRef<uint8_t> Bytes) {
  ListSeparator Space(" ");
  for (uint8_t B : Bytes)
    OS << Space << format_hex_no_prefix(B, 2);
}

void Printer::number(const BtfView::Type &T, uint64_t V, unsigned Bits) {
  bool Signed = T.K == BtfView::Int ? T.Encoding & 1 : T.Flag;
  int64_t AsSigned = Bits < 64 ? SignExtend64(V, Bits) : int64_t(V);
  if (T.K == BtfView::Enum || T.K == BtfView::Enum64)
    for (const BtfView::Member &M : T.Members)
      if (M.Value == (Signed ? AsSigned : int64_t(V))) {
        OS << M.Name;
        return;
      }
  if (T.K == BtfView::Int && T.Encoding & 4 && V <= 1)
    OS << (V ? "true" : "false");
  else if (T.K == BtfView::Ptr)
    OS << format_hex(V, 0);
  else if (Signed)
    OS << AsSigned;
  else
    OS << V;
}

void Printer::array(const BtfView::Type &T, ArrayRef<uint8_t> Bytes,
                    unsigned Depth) {
  uint64_t Each = Btf.sizeOf(T.Target);
  const BtfView::Type &Element = Btf.type(Btf.strip(T.Target));
  if (Each == 0 || Each * T.Size != Bytes.size())
    return hex(Bytes);
  // A string: text up to a zero, and nothing but zeroes behind it.
  StringRef Text(reinterpret_cast<const char *>(Bytes.data()), Bytes.size());
  StringRef Front = Text.take_until([](char C) { return C == 0; });
  if (Element.K == BtfView::Int && Each == 1 && !Front.empty() &&
      all_of(Front, [](char C) { return isPrint(C) || C == '\n'; }) &&
      all_of(Text.drop_front(Front.size()), [](char C) { return C == 0; })) {
    OS << '"';
    printEscapedString(Front, OS);
    OS << '"';
    return;
  }
  OS << '[';
  ListSeparator Comma;
  for (uint64_t N = 0; N != T.Size; ++N) {
    OS << Comma;
    value(T.Target, Bytes.slice(N * Each, Each), Depth + 1);
  }
  OS << ']';
}

uint64_t Printer::bits(ArrayRef<uint8_t> Bytes, uint64_t Offset,
                       unsigned Size) {
  uint64_t V = 0;
  for (unsigned N = 0; N != Size; ++N) {
    uint64_t At = Offset + N;
    if (BigEndian)
      V = V << 1 | (Bytes[At / 8] >> (7 - At % 8) & 1);
    else
      V |= uint64_t(Bytes[At / 8] >> (At % 8) & 1) << N;
  }
  return V;
}

void Printer::members(const BtfView::Type &T, ArrayRef<uint8_t> Bytes,
                      unsigned Depth) {
  OS << '{';
  ListSeparator Comma;
  for (const BtfView::Member &M : T.Members) {
    uint64_t Size = Btf.sizeOf(M.Type), Start = M.Offset / 8;
    OS << Comma;
    if (!M.Name.empty())
      OS << '.' << M.Name << " = ";
    if (M.Size && M.Size <= 64 && M.Offset + M.Size <= Bytes.size() * 8)
      number(Btf.type(Btf.strip(M.Type)), bits(Bytes, M.Offset, M.Size),
             M.Size);
    else if (Start <= Bytes.size() && Size <= Bytes.size() - Start)
      value(M.Type, Bytes.slice(Start, Size), Depth + 1);
    else
      OS << '?';
  }
  OS << '}';
}

void Printer::value(uint32_t Id, ArrayRef<uint8_t> Bytes, unsigned Depth) {
  const BtfView::Type &T = Btf.type(Btf.strip(Id));
  if (Depth > MaxDepth || Btf.sizeOf(Id) != Bytes.size())
    return hex(Bytes);
  switch (T.K) {
  case BtfView::Int:
  case BtfView::Ptr:
  case BtfView::Enum:
  case BtfView::Enum64:
    if (Bytes.size() > 8)
      return hex(Bytes);
    return number(T, readNumber(Bytes, BigEndian), unsigned(Bytes.size()) * 8);
  case BtfView::Array:
    return array(T, Bytes, Depth);
  case BtfView::Struct:
  case BtfView::Union:
    return members(T, Bytes, Depth);
  default:
    return hex(Bytes);
  }
}

std::string printValue(const BtfView &Btf, uint32_t Type,
                       ArrayRef<uint8_t> Bytes, bool BigEndian) {
  std::string Text;
  raw_string_ostream OS(Text);
  Printer(Btf, BigEndian, OS).value(Type, Bytes, 0);
  return Text;
}

bool isNumber(const BtfView &Btf, uint32_t Type) {
  const BtfView::Type &T = Btf.type(Btf.strip(Type));
  return T.K == BtfView::Int && T.Size <= 8 && !(T.Encoding & 4);
}

} // namespace bpfcc::tools
