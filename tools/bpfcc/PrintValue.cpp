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
  Printer(const BtfFile &Btf, bool BigEndian, raw_ostream &OS)
      : Btf(Btf), BigEndian(BigEndian), OS(OS) {}

  void value(uint32_t Id, ArrayRef<uint8_t> Bytes, unsigned Depth);

private:
  bool networkOrder(uint32_t Id) const;
  void networkNumber(ArrayRef<uint8_t> Bytes);
  void hex(ArrayRef<uint8_t> Bytes);
  void number(const BtfFile::Type &T, uint64_t V, unsigned Bits);
  void array(const BtfFile::Type &T, ArrayRef<uint8_t> Bytes, unsigned Depth);
  void members(const BtfFile::Type &T, ArrayRef<uint8_t> Bytes, unsigned Depth);
  uint64_t bits(ArrayRef<uint8_t> Bytes, uint64_t Offset, unsigned Size);

  const BtfFile &Btf;
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

void Printer::number(const BtfFile::Type &T, uint64_t V, unsigned Bits) {
  bool Signed = T.K == btf::KindInt ? T.Encoding & btf::IntSigned : T.Flag;
  int64_t AsSigned = Bits < 64 ? SignExtend64(V, Bits) : int64_t(V);
  if (T.K == btf::KindEnum || T.K == btf::KindEnum64)
    for (const BtfFile::Member &M : T.Members)
      if (M.Value == (Signed ? AsSigned : int64_t(V))) {
        OS << M.Name;
        return;
      }
  if (T.K == btf::KindInt && T.Encoding & btf::IntBool && V <= 1)
    OS << (V ? "true" : "false");
  else if (T.K == btf::KindPtr)
    OS << format_hex(V, 0);
  else if (Signed)
    OS << AsSigned;
  else
    OS << V;
}

void Printer::array(const BtfFile::Type &T, ArrayRef<uint8_t> Bytes,
                    unsigned Depth) {
  uint64_t Each = Btf.sizeOf(T.Target);
  const BtfFile::Type &Element = Btf.type(Btf.strip(T.Target));
  if (Each == 0 || Each * T.Size != Bytes.size())
    return hex(Bytes);
  // A string: text up to a zero, and nothing but zeroes behind it.
  StringRef Text(reinterpret_cast<const char *>(Bytes.data()), Bytes.size());
  StringRef Front = Text.take_until([](char C) { return C == 0; });
  if (Element.K == btf::KindInt && Each == 1 && !Front.empty() &&
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

void Printer::members(const BtfFile::Type &T, ArrayRef<uint8_t> Bytes,
                      unsigned Depth) {
  OS << '{';
  ListSeparator Comma;
  for (const BtfFile::Member &M : T.Members) {
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

/// Whether \p Id is one of the types of <linux/types.h> that say so.
bool Printer::networkOrder(uint32_t Id) const {
  for (unsigned Depth = 0; Depth != MaxDepth; ++Depth) {
    const BtfFile::Type &T = Btf.type(Id);
    if (T.K == btf::KindTypedef &&
        (T.Name == "__be16" || T.Name == "__be32" || T.Name == "__be64"))
      return true;
    if (T.K != btf::KindTypedef && T.K != btf::KindConst &&
        T.K != btf::KindVolatile)
      return false;
    Id = T.Target;
  }
  return false;
}

/// Four bytes are nearly always an IPv4 address.
void Printer::networkNumber(ArrayRef<uint8_t> Bytes) {
  if (Bytes.size() != 4) {
    OS << readNumber(Bytes, /*BigEndian=*/true);
    return;
  }
  ListSeparator Dot(".");
  for (uint8_t B : Bytes)
    OS << Dot << unsigned(B);
}

void Printer::value(uint32_t Id, ArrayRef<uint8_t> Bytes, unsigned Depth) {
  const BtfFile::Type &T = Btf.type(Btf.strip(Id));
  if (Depth > MaxDepth || Btf.sizeOf(Id) != Bytes.size())
    return hex(Bytes);
  switch (T.K) {
  case btf::KindInt:
  case btf::KindPtr:
  case btf::KindEnum:
  case btf::KindEnum64:
    if (Bytes.size() > 8)
      return hex(Bytes);
    if (networkOrder(Id))
      return networkNumber(Bytes);
    return number(T, readNumber(Bytes, BigEndian), unsigned(Bytes.size()) * 8);
  case btf::KindArray:
    return array(T, Bytes, Depth);
  case btf::KindStruct:
  case btf::KindUnion:
    return members(T, Bytes, Depth);
  default:
    return hex(Bytes);
  }
}

std::string printValue(const BtfFile &Btf, uint32_t Type,
                       ArrayRef<uint8_t> Bytes, bool BigEndian) {
  std::string Text;
  raw_string_ostream OS(Text);
  Printer(Btf, BigEndian, OS).value(Type, Bytes, 0);
  return Text;
}

bool isNumber(const BtfFile &Btf, uint32_t Type) {
  const BtfFile::Type &T = Btf.type(Btf.strip(Type));
  return T.K == btf::KindInt && T.Size <= 8 && !(T.Encoding & btf::IntBool);
}

} // namespace bpfcc::tools
