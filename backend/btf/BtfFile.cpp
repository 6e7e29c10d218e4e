#include "backend/btf/BtfFile.h"

#include "backend/btf/BtfCheck.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;
using namespace btf;

uint32_t BtfFile::strip(uint32_t Id) const {
  while (true) {
    switch (type(Id).K) {
    case KindTypedef:
    case KindVolatile:
    case KindConst:
    case KindRestrict:
    case KindTypeTag:
    case KindVar:
      Id = type(Id).Target;
      break;
    default:
      return Id;
    }
  }
}

uint64_t BtfFile::sizeOf(uint32_t Id) const {
  constexpr uint64_t PointerSize = 8;
  uint64_t Factor = 1;
  while (true) {
    const Type &T = type(strip(Id));
    if (T.K == KindPtr)
      return SaturatingMultiply<uint64_t>(Factor, PointerSize);
    if (T.K != KindArray)
      return SaturatingMultiply<uint64_t>(Factor, T.Size);
    Factor = SaturatingMultiply<uint64_t>(Factor, T.Size);
    Id = T.Target;
  }
}

uint64_t BtfFile::alignOf(uint32_t Id) const {
  const Type &T = type(strip(Id));
  switch (T.K) {
  case KindInt:
  case KindFloat:
  case KindEnum:
  case KindEnum64:
  case KindPtr: {
    uint64_t Size = sizeOf(strip(Id));
    return Size == 0 ? 1 : std::min<uint64_t>(PowerOf2Ceil(Size), 8);
  }
  case KindArray:
    return alignOf(T.Target);
  case KindStruct:
  case KindUnion: {
    uint64_t Align = 1;
    for (const Member &M : T.Members) {
      uint64_t Own = alignOf(M.Type);
      if (M.Size == 0 && M.Offset % (8 * Own) != 0)
        return 1; // packed
      Align = std::max(Align, Own);
    }
    return T.Size % Align ? 1 : Align;
  }
  default:
    return 1;
  }
}

const BtfFile::Type *BtfFile::dataSection(StringRef Name) const {
  for (const Type &T : Types)
    if (T.K == KindDatasec && T.Name == Name)
      return &T;
  return nullptr;
}

namespace {

class Reader {
public:
  Reader(BtfFile &Out, bool BigEndian) : Out(Out), BigEndian(BigEndian) {}
  /// \p Keep: the strings are copied into Out.
  Error types(ArrayRef<uint8_t> Bytes, bool Keep);
  Error ext(ArrayRef<uint8_t> Bytes);

private:
  /// A part of a section, with a place to read at.
  struct Part {
    Part(ArrayRef<uint8_t> Bytes, bool BigEndian)
        : Bytes(Bytes),
          Order(BigEndian ? endianness::big : endianness::little) {}
    uint32_t word() {
      if (Bytes.size() - At < sizeof(uint32_t)) {
        IsShort = true;
        return 0;
      }
      uint32_t Word = support::endian::read32(Bytes.data() + At, Order);
      At += sizeof(uint32_t);
      return Word;
    }
    bool good() const { return !IsShort; }
    bool atEnd() const { return At == Bytes.size(); }

    ArrayRef<uint8_t> Bytes;
    size_t At = 0;
    endianness Order;
    bool IsShort = false; ///< it ends before what was read
  };

  Error header(Part &P, const char *Section);
  Expected<ArrayRef<uint8_t>> slice(ArrayRef<uint8_t> Bytes, uint64_t Header,
                                    uint64_t Offset, uint64_t Size,
                                    const Twine &What);
  StringRef string(uint32_t Offset);
  Error type(Part &P);
  void members(Part &P, BtfFile::Type &T, uint32_t Count);
  Error records(ArrayRef<uint8_t> Bytes, uint32_t MinSize, const Twine &What,
                function_ref<Error(StringRef Section, Part &P)> Read);

  BtfFile &Out;
  ArrayRef<char> Strings;
  bool BigEndian;
  bool BadString = false; ///< a name that was asked for is not there
  uint32_t HeaderSize = 0;
};

} // namespace

StringRef Reader::string(uint32_t Offset) {
  if (Offset >= Strings.size()) {
    BadString = true;
    return {};
  }
  return StringRef(&Strings[Offset]); // the last byte is 0
}

Error Reader::header(Part &P, const char *Section) {
  uint32_t First = P.word();
  HeaderSize = P.word();
  if (!P.good())
    return badBtf(Section + Twine(" is shorter than its header"));
  uint16_t Found = uint16_t(BigEndian ? First >> 16 : First);
  uint8_t Version = uint8_t(First >> (BigEndian ? 8 : 16));
  if (Found != Magic)
    return badBtf(Section + Twine(" does not begin with 0xeb9f in the byte "
                                  "order of the file"));
  if (Version != 1)
    return badBtf(Section + Twine(" has version ") + Twine(Version) +
                  ", only 1 is known");
  return Error::success();
}

Expected<ArrayRef<uint8_t>> Reader::slice(ArrayRef<uint8_t> Bytes,
                                          uint64_t Header, uint64_t Offset,
                                          uint64_t Size, const Twine &What) {
  if (Header + Offset + Size > Bytes.size())
    return badBtf(What + " (" + Twine(Size) + " bytes at " +
                  Twine(Header + Offset) + ") reach beyond the section's " +
                  Twine(Bytes.size()) + " bytes");
  return Bytes.slice(Header + Offset, Size);
}

Error Reader::types(ArrayRef<uint8_t> Bytes, bool Keep) {
  Part P(Bytes, BigEndian);
  if (Error E = header(P, ".BTF"))
    return E;
  uint32_t TypeOff = P.word(), TypeLen = P.word(), StrOff = P.word(),
           StrLen = P.word();
  if (!P.good() || HeaderSize < P.At)
    return badBtf(".BTF is shorter than its header");
  auto TypeBytes =
      slice(Bytes, HeaderSize, TypeOff, TypeLen, ".BTF: the types");
  if (!TypeBytes)
    return TypeBytes.takeError();
  auto Found = slice(Bytes, HeaderSize, StrOff, StrLen, ".BTF: the strings");
  if (!Found)
    return Found.takeError();
  if (Found->empty() || Found->front() || Found->back())
    return badBtf(".BTF: the strings do not begin and end with 0");
  Strings =
      ArrayRef(reinterpret_cast<const char *>(Found->data()), Found->size());
  if (Keep) {
    Out.Strings.assign(Strings.begin(), Strings.end());
    Strings = Out.Strings;
  }
  Part Types(*TypeBytes, BigEndian);
  // Members must not move; memory that is not used costs nothing.
  constexpr size_t SmallestType = 12, SmallestMember = 8;
  Out.Types.reserve(TypeBytes->size() / SmallestType + 1);
  Out.Members.clear();
  Out.Members.reserve(TypeBytes->size() / SmallestMember);
  while (!Types.atEnd())
    if (Error E = type(Types))
      return E;
  return checkReferences(Out);
}

/// Words behind the first three of a type's record.
static uint32_t moreWords(Kind K, uint32_t Count) {
  switch (K) {
  case KindInt:
  case KindVar:
  case KindDeclTag:
    return 1;
  case KindArray:
    return 3;
  case KindEnum:
  case KindFuncProto:
    return 2 * Count;
  case KindStruct:
  case KindUnion:
  case KindEnum64:
  case KindDatasec:
    return 3 * Count;
  default:
    return 0;
  }
}

Error Reader::type(Part &P) {
  auto Bad = [&](const Twine &What) {
    return badBtf(".BTF: type " + Twine(Out.Types.size()) + What);
  };
  uint32_t Name = P.word(), Info = P.word(), SizeOrType = P.word();
  uint32_t Number = Info >> 24 & 0x1f, Count = Info & 0xffff;
  if (P.good() && (Number == KindVoid || Number > KindEnum64))
    return Bad(" has the unknown kind " + Twine(Number));
  if (!P.good() ||
      P.Bytes.size() - P.At < moreWords(Kind(Number), Count) * sizeof(uint32_t))
    return Bad(" reaches beyond the types");
  BtfFile::Type T;
  T.K = Kind(Number);
  T.Name = string(Name);
  T.Flag = Info >> 31;
  switch (T.K) {
  case KindInt: {
    T.Size = SizeOrType;
    uint32_t Word = P.word();
    T.Encoding = Word >> 24 & 0xf;
    T.Bits = Word & 0xff;
    break;
  }
  case KindArray:
    T.Target = P.word();
    T.Index = P.word();
    T.Size = P.word();
    break;
  case KindStruct:
  case KindUnion:
  case KindEnum:
  case KindEnum64:
  case KindDatasec:
    T.Size = SizeOrType;
    members(P, T, Count);
    break;
  case KindFuncProto:
    T.Target = SizeOrType;
    members(P, T, Count);
    break;
  case KindFloat:
    T.Size = SizeOrType;
    break;
  case KindFwd:
    break;
  case KindFunc:
    T.Target = SizeOrType;
    T.Linkage = Count;
    break;
  case KindVar:
    T.Target = SizeOrType;
    T.Linkage = P.word();
    break;
  case KindDeclTag:
    T.Target = SizeOrType;
    T.Component = int32_t(P.word());
    break;
  default:
    T.Target = SizeOrType;
    break;
  }
  if (BadString)
    return Bad(" has a name outside the strings");
  Out.Types.push_back(T);
  return Error::success();
}

void Reader::members(Part &P, BtfFile::Type &T, uint32_t Count) {
  size_t Start = Out.Members.size();
  for (uint32_t N = 0; N != Count; ++N) {
    BtfFile::Member &M = Out.Members.emplace_back();
    uint32_t First = P.word();
    if (T.K == KindDatasec)
      M.Type = First;
    else
      M.Name = string(First);
    switch (T.K) {
    case KindStruct:
    case KindUnion: {
      M.Type = P.word();
      uint32_t Offset = P.word();
      M.Offset = T.Flag ? Offset & 0xffffff : Offset;
      M.Size = T.Flag ? Offset >> 24 : 0;
      break;
    }
    case KindEnum: {
      uint32_t Value = P.word();
      M.Value = T.Flag ? int64_t(int32_t(Value)) : int64_t(Value);
      break;
    }
    case KindEnum64: {
      uint64_t Low = P.word();
      M.Value = int64_t(Low | uint64_t(P.word()) << 32);
      break;
    }
    case KindDatasec:
      M.Offset = P.word();
      M.Size = P.word();
      break;
    default: // FuncProto
      M.Type = P.word();
      break;
    }
  }
  T.Members = ArrayRef(Out.Members).slice(Start);
}

/// The records of one kind: their size, then for each section of code its
/// name, how many there are, and they.
Error Reader::records(ArrayRef<uint8_t> Bytes, uint32_t MinSize,
                      const Twine &What,
                      function_ref<Error(StringRef, Part &)> Read) {
  if (Bytes.empty())
    return Error::success();
  Part P(Bytes, BigEndian);
  uint32_t RecordSize = P.word();
  if (P.good() && (RecordSize < MinSize || RecordSize % 4))
    return badBtf(What + " has records of " + Twine(RecordSize) + " bytes");
  while (P.good() && !P.atEnd()) {
    StringRef Section = string(P.word());
    uint32_t Count = P.word();
    for (uint32_t N = 0; P.good() && N != Count; ++N) {
      uint64_t Next = P.At + RecordSize;
      if (Next > Bytes.size())
        return badBtf(What + " is truncated");
      if (Error E = Read(Section, P))
        return E;
      P.At = Next;
    }
    if (BadString)
      return badBtf(What + " has a name outside the strings");
  }
  return P.good() ? Error::success() : badBtf(What + " is truncated");
}

Error Reader::ext(ArrayRef<uint8_t> Bytes) {
  constexpr uint32_t FuncSize = 8, LineSize = 16, ReloSize = 16;
  constexpr uint32_t SizeWithRelos = 32;
  Part P(Bytes, BigEndian);
  if (Error E = header(P, ".BTF.ext"))
    return E;
  uint32_t Place[6] = {};
  for (uint32_t N = 0; N != (HeaderSize >= SizeWithRelos ? 6 : 4); ++N)
    Place[N] = P.word();
  if (!P.good() || HeaderSize < P.At)
    return badBtf(".BTF.ext is shorter than its header");
  auto Read = [&](unsigned N, const Twine &What, uint32_t MinSize,
                  function_ref<Error(StringRef, Part &)> One) -> Error {
    auto Part = slice(Bytes, HeaderSize, Place[N], Place[N + 1], What);
    if (!Part)
      return Part.takeError();
    return records(*Part, MinSize, What, One);
  };
  if (Error E = Read(0, ".BTF.ext: func_info", FuncSize,
                     [&](StringRef Section, Part &P) -> Error {
                       uint32_t Offset = P.word(), Type = P.word();
                       if (Out.type(Type).K != KindFunc)
                         return badBtf(".BTF.ext: func_info names type " +
                                       Twine(Type) + ", which is no function");
                       Out.Functions.push_back({Section, Offset, Type});
                       return Error::success();
                     }))
    return E;
  if (Error E = Read(2, ".BTF.ext: line_info", LineSize,
                     [&](StringRef Section, Part &P) -> Error {
                       uint32_t Offset = P.word();
                       StringRef File = string(P.word());
                       StringRef Text = string(P.word());
                       uint32_t Place = P.word();
                       Out.Lines.push_back({Section, Offset, File, Text,
                                            Place >> 10, Place & 0x3ff});
                       return Error::success();
                     }))
    return E;
  return Read(4, ".BTF.ext: core_relo", ReloSize,
              [&](StringRef Section, Part &P) -> Error {
                uint32_t Offset = P.word(), Type = P.word();
                StringRef Access = string(P.word());
                uint32_t Kind = P.word();
                if (Type >= Out.Types.size())
                  return badBtf(".BTF.ext: core_relo names type " +
                                Twine(Type) + ", which is not there");
                Out.CoreRelos.push_back({Section, Offset, Type, Access, Kind});
                return Error::success();
              });
}

static Error read(ArrayRef<uint8_t> Btf, ArrayRef<uint8_t> Ext, bool BigEndian,
                  bool Keep, BtfFile &Out) {
  Out.Types.resize(1);
  Out.Functions.clear();
  Out.Lines.clear();
  Out.CoreRelos.clear();
  if (Btf.empty() && Ext.empty())
    return Error::success();
  if (Btf.empty())
    return badBtf(".BTF.ext has no .BTF beside it");
  Reader R(Out, BigEndian);
  if (Error E = R.types(Btf, Keep))
    return E;
  return Ext.empty() ? Error::success() : R.ext(Ext);
}

Expected<BtfFile> readBtf(ArrayRef<uint8_t> Btf, ArrayRef<uint8_t> Ext,
                          bool BigEndian) {
  BtfFile Out;
  if (Error E = read(Btf, Ext, BigEndian, /*Keep=*/true, Out))
    return std::move(E);
  if (Error E = checkNesting(Out))
    return std::move(E);
  return Out;
}

Error viewBtf(ArrayRef<uint8_t> Btf, ArrayRef<uint8_t> Ext, bool BigEndian,
              BtfFile &Out) {
  return read(Btf, Ext, BigEndian, /*Keep=*/false, Out);
}

} // namespace bpfcc
