#include "tools/bpfcc/ReadValue.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace bpfcc::tools {

/// Of one value.
constexpr uint64_t MaxBytes = 1 << 20;

namespace {
class Reader {
public:
  Reader(const BtfFile &Btf, bool BigEndian, MutableArrayRef<uint8_t> Bytes)
      : Btf(Btf), BigEndian(BigEndian), Bytes(Bytes),
        Said(unsigned(Bytes.size() * 8)) {}

  /// Puts \p V, a value of \p Type that \p Path leads to, at bit \p Offset.
  /// \p Width is that of a bit-field, or 0.
  Error value(uint32_t Type, const json::Value &V, uint64_t Offset,
              uint64_t Width, const std::string &Path);

private:
  Error record(const BtfFile::Type &T, const json::Value &V, uint64_t Offset,
               const std::string &Path);
  Error array(const BtfFile::Type &T, const json::Value &V, uint64_t Offset,
              const std::string &Path);
  Error number(const BtfFile::Type &T, const json::Value &V, uint64_t Offset,
               uint64_t Bits, const std::string &Path);
  /// The member \p Name of \p T and the bit that it starts at, in structures
  /// without a name too.
  const BtfFile::Member *find(const BtfFile::Type &T, StringRef Name,
                              uint64_t &Offset) const;
  void names(const BtfFile::Type &T, std::vector<StringRef> &Out) const;
  void put(uint64_t Offset, uint64_t Bits, uint64_t V);

  static Error bad(const std::string &Path, const std::string &What) {
    std::string Of = Path.empty() ? "" : "`" + Path + "` ";
    return diagError(DiagCode::RunError, {}, "--ctx: " + Of + What);
  }

  const BtfFile &Btf;
  bool BigEndian;
  MutableArrayRef<uint8_t> Bytes;
  BitVector Said; ///< the bits of members that have a value
};
} // namespace

void Reader::put(uint64_t Offset, uint64_t Bits, uint64_t V) {
  for (uint64_t N = 0; N != Bits; ++N) {
    uint64_t At = Offset + (BigEndian ? Bits - 1 - N : N);
    uint8_t Bit = uint8_t(1u << (BigEndian ? 7 - At % 8 : At % 8));
    Bytes[At / 8] = uint8_t((Bytes[At / 8] & ~Bit) | (V >> N & 1 ? Bit : 0));
  }
}

static bool isRecord(btf::Kind K) {
  return K == btf::KindStruct || K == btf::KindUnion;
}

const BtfFile::Member *Reader::find(const BtfFile::Type &T, StringRef Name,
                                    uint64_t &Offset) const {
  for (const BtfFile::Member &M : T.Members) {
    if (!M.Name.empty()) {
      if (M.Name != Name)
        continue;
      Offset += M.Offset;
      return &M;
    }
    const BtfFile::Type &Inner = Btf.type(Btf.strip(M.Type));
    uint64_t At = Offset + M.Offset;
    if (!isRecord(Inner.K))
      continue;
    if (const BtfFile::Member *Found = find(Inner, Name, At)) {
      Offset = At;
      return Found;
    }
  }
  return nullptr;
}

void Reader::names(const BtfFile::Type &T, std::vector<StringRef> &Out) const {
  for (const BtfFile::Member &M : T.Members) {
    const BtfFile::Type &Inner = Btf.type(Btf.strip(M.Type));
    if (!M.Name.empty())
      Out.push_back(M.Name);
    else if (isRecord(Inner.K))
      names(Inner, Out);
  }
}

Error Reader::record(const BtfFile::Type &T, const json::Value &V,
                     uint64_t Offset, const std::string &Path) {
  const json::Object *O = V.getAsObject();
  if (!O)
    return bad(Path, "is a structure: write {\"member\": value, ...}");
  for (const auto &[Key, Inner] : *O) {
    uint64_t At = Offset;
    const BtfFile::Member *M = find(T, Key, At);
    std::string Full = (Path.empty() ? "" : Path + ".") + StringRef(Key).str();
    if (!M) {
      std::vector<StringRef> Names;
      names(T, Names);
      return bad(Full, formatv("is no member of {0}, which has {1}",
                               T.Name.empty() ? "its structure"
                                              : "`" + T.Name.str() + "`",
                               join(Names, ", ")));
    }
    uint64_t End = At + (M->Size ? M->Size : Btf.sizeOf(M->Type) * 8);
    if (End > Said.size())
      return bad(Full, "lies outside of its structure");
    if (Said.find_first_in(unsigned(At), unsigned(End)) != -1)
      return bad(Full, "and another member of its union have values: give one");
    if (Error E = value(M->Type, Inner, At, M->Size, Full))
      return E;
    Said.set(unsigned(At), unsigned(End));
  }
  return Error::success();
}

Error Reader::array(const BtfFile::Type &T, const json::Value &V,
                    uint64_t Offset, const std::string &Path) {
  uint64_t Each = Btf.sizeOf(T.Target);
  auto TooMany = [&](size_t Given) {
    return bad(Path, formatv("has {0} elements, not {1}", T.Size, Given));
  };
  if (std::optional<StringRef> Text = V.getAsString(); Text && Each == 1) {
    if (Text->size() > T.Size)
      return TooMany(Text->size());
    copy(*Text, Bytes.begin() + Offset / 8);
    return Error::success();
  }
  const json::Array *A = V.getAsArray();
  if (!A)
    return bad(Path, Each == 1 ? "is an array: write [1, 2, ...] or \"text\""
                               : "is an array: write [1, 2, ...]");
  if (A->size() > T.Size)
    return TooMany(A->size());
  for (size_t N = 0; N != A->size(); ++N)
    if (Error E = value(T.Target, (*A)[N], Offset + N * Each * 8, 0,
                        Path + "[" + std::to_string(N) + "]"))
      return E;
  return Error::success();
}

/// The number that \p V says, in as many bits as it takes.
static std::optional<APInt> asNumber(const BtfFile::Type &T,
                                     const json::Value &V) {
  constexpr unsigned Room = 80; // for all of 64 bits, and the signs
  if (std::optional<bool> B = V.getAsBoolean())
    return APInt(Room, *B);
  if (std::optional<int64_t> N = V.getAsInteger())
    return APInt(Room, uint64_t(*N), /*isSigned=*/true);
  if (std::optional<uint64_t> N = V.getAsUINT64())
    return APInt(Room, *N);
  std::optional<StringRef> Text = V.getAsString();
  if (!Text)
    return std::nullopt;
  for (const BtfFile::Member &M : T.Members)
    if (M.Name == *Text)
      return APInt(Room, uint64_t(M.Value), /*isSigned=*/T.Flag);
  StringRef Digits = *Text;
  bool Minus = Digits.consume_front("-");
  APInt N;
  if (Digits.getAsInteger(0, N) || N.getActiveBits() > 64)
    return std::nullopt;
  N = N.zextOrTrunc(Room);
  return Minus ? -N : N;
}

Error Reader::number(const BtfFile::Type &T, const json::Value &V,
                     uint64_t Offset, uint64_t Bits, const std::string &Path) {
  std::optional<APInt> N = asNumber(T, V);
  if (!N)
    return bad(Path, formatv("is no number: {0}", V));
  if (N->getSignificantBits() > Bits && N->getActiveBits() > Bits)
    return bad(Path, formatv("has {0} bits: {1} does not fit", Bits, V));
  put(Offset, Bits, N->trunc(64).getZExtValue());
  return Error::success();
}

Error Reader::value(uint32_t Type, const json::Value &V, uint64_t Offset,
                    uint64_t Width, const std::string &Path) {
  const BtfFile::Type &T = Btf.type(Btf.strip(Type));
  switch (T.K) {
  case btf::KindStruct:
  case btf::KindUnion:
    return record(T, V, Offset, Path);
  case btf::KindArray:
    return array(T, V, Offset, Path);
  case btf::KindInt:
  case btf::KindEnum:
  case btf::KindEnum64:
  case btf::KindPtr: {
    uint64_t Bits = Width ? Width : Btf.sizeOf(Type) * 8;
    if (Bits <= 64 && Offset + Bits <= Bytes.size() * 8)
      return number(T, V, Offset, Bits, Path);
    break;
  }
  default:
    break;
  }
  return bad(Path, "has a type that cannot be written as JSON");
}

Expected<std::vector<uint8_t>> readValue(const BtfFile &Btf, uint32_t Type,
                                         StringRef Text, bool BigEndian) {
  Expected<json::Value> V = json::parse(Text);
  if (!V)
    return diagError(DiagCode::RunError, {},
                     "--ctx is no JSON: " + toString(V.takeError()));
  uint64_t Size = Btf.sizeOf(Type);
  const BtfFile::Type &T = Btf.type(Btf.strip(Type));
  bool IsList = V->getAsArray() && T.K != btf::KindArray;
  if (IsList) // as in programs that get an array of arguments
    Size *= V->getAsArray()->size();
  if (Size > MaxBytes)
    return diagError(DiagCode::RunError, {},
                     formatv("--ctx: the context would have {0} bytes, and may "
                             "have {1}",
                             Size, MaxBytes));
  std::vector<uint8_t> Bytes(Size);
  Reader R(Btf, BigEndian, Bytes);
  if (!IsList) {
    if (Error E = R.value(Type, *V, 0, 0, ""))
      return std::move(E);
    return Bytes;
  }
  uint64_t Each = Btf.sizeOf(Type) * 8, N = 0;
  for (const json::Value &One : *V->getAsArray()) {
    if (Error E =
            R.value(Type, One, N * Each, 0, "[" + std::to_string(N) + "]"))
      return std::move(E);
    ++N;
  }
  return Bytes;
}

} // namespace bpfcc::tools
