#include "backend/btf/BtfFile.h"

#include "backend/btf/BtfCheck.h"

#include "llvm/Support/DataExtractor.h"
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

const BtfFile::Type *BtfFile::dataSection(StringRef Name) const {
  for (const Type &T : Types)
    if (T.K == KindDatasec && T.Name == Name)
      return &T;
  return nullptr;
}

namespace {

class Reader {
public:
  Reader(bool BigEndian) : BigEndian(BigEndian) {}
  Error types(ArrayRef<uint8_t> Bytes);
  Error ext(ArrayRef<uint8_t> Bytes);
  BtfFile Out;

private:
  /// A part of a section, with a place to read at.
  struct Part {
    Part(ArrayRef<uint8_t> Bytes, bool BigEndian)
        : Data(Bytes, !BigEndian, 8), At(0) {}
    ~Part() { consumeError(At.takeError()); }
    Part(const Part &) = delete;
    uint32_t word() { return Data.getU32(At); }
    bool good() { return bool(At); }
    bool atEnd() const { return At.tell() == Data.size(); }

    DataExtractor Data;
    DataExtractor::Cursor At;
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

  bool BigEndian;
  bool BadString = false; ///< a name that was asked for is not there
  uint32_t HeaderSize = 0;
};

} // namespace

StringRef Reader::string(uint32_t Offset) {
  if (Offset >= Out.Strings.size()) {
    BadString = true;
    return {};
  }
  return StringRef(&Out.Strings[Offset]); // the last byte is 0
}

Error Reader::header(Part &P, const char *Section) {
  uint16_t Found = P.Data.getU16(P.At);
  uint8_t Version = P.Data.getU8(P.At);
  P.Data.getU8(P.At); // flags
  HeaderSize = P.word();
  if (!P.good())
    return badBtf(Section + Twine(" is shorter than its header"));
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

Error Reader::types(ArrayRef<uint8_t> Bytes) {
  Part P(Bytes, BigEndian);
  if (Error E = header(P, ".BTF"))
    return E;
  uint32_t TypeOff = P.word(), TypeLen = P.word(), StrOff = P.word(),
           StrLen = P.word();
  if (!P.good() || HeaderSize < P.At.tell())
    return badBtf(".BTF is shorter than its header");
  auto TypeBytes =
      slice(Bytes, HeaderSize, TypeOff, TypeLen, ".BTF: the types");
  if (!TypeBytes)
    return TypeBytes.takeError();
  auto Strings = slice(Bytes, HeaderSize, StrOff, StrLen, ".BTF: the strings");
  if (!Strings)
    return Strings.takeError();
  if (Strings->empty() || Strings->front() || Strings->back())
    return badBtf(".BTF: the strings do not begin and end with 0");
  Out.Strings.assign(Strings->begin(), Strings->end());

  constexpr size_t UsualSize = 20; // of a type's record
  Out.Types.reserve(TypeBytes->size() / UsualSize + 1);
  Part Types(*TypeBytes, BigEndian);
  while (!Types.atEnd())
    if (Error E = type(Types))
      return E;
  return checkTypes(Out);
}

Error Reader::type(Part &P) {
  BtfFile::Type T;
  T.Name = string(P.word());
  uint32_t Info = P.word(), SizeOrType = P.word();
  uint32_t Number = Info >> 24 & 0x1f, Count = Info & 0xffff;
  std::string Which = "type " + std::to_string(Out.Types.size());
  auto Truncated = [&] {
    return badBtf(".BTF: " + Which + " reaches beyond the types");
  };
  if (!P.good())
    return Truncated();
  if (Number == KindVoid || Number > KindEnum64)
    return badBtf(".BTF: " + Which + " has the unknown kind " + Twine(Number));
  T.K = Kind(Number);
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
  if (!P.good())
    return Truncated();
  if (BadString)
    return badBtf(".BTF: " + Which + " has a name outside the strings");
  Out.Types.push_back(std::move(T));
  return Error::success();
}

void Reader::members(Part &P, BtfFile::Type &T, uint32_t Count) {
  constexpr size_t SmallestSize = 8; // of a member
  T.Members.reserve(
      std::min<size_t>(Count, (P.Data.size() - P.At.tell()) / SmallestSize));
  for (uint32_t N = 0; N != Count && P.good(); ++N) {
    BtfFile::Member M;
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
    T.Members.push_back(std::move(M));
  }
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
      uint64_t Next = P.At.tell() + RecordSize;
      if (Next > Bytes.size())
        return badBtf(What + " is truncated");
      if (Error E = Read(Section, P))
        return E;
      P.At.seek(Next);
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
  if (!P.good() || HeaderSize < P.At.tell())
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

Expected<BtfFile> readBtf(ArrayRef<uint8_t> Btf, ArrayRef<uint8_t> Ext,
                          bool BigEndian) {
  Reader R(BigEndian);
  if (Btf.empty() && Ext.empty())
    return std::move(R.Out);
  if (Btf.empty())
    return badBtf(".BTF.ext has no .BTF beside it");
  if (Error E = R.types(Btf))
    return std::move(E);
  if (!Ext.empty())
    if (Error E = R.ext(Ext))
      return std::move(E);
  return std::move(R.Out);
}

} // namespace bpfcc
