#include "runtime/load/BtfView.h"

#include "support/Diagnostic.h"

#include "llvm/Support/DataExtractor.h"

using namespace llvm;

namespace bpfcc {

constexpr unsigned MaxDepth = 64;

uint32_t BtfView::strip(uint32_t Id) const {
  for (unsigned Depth = 0; Depth != MaxDepth; ++Depth) {
    switch (type(Id).K) {
    case Typedef:
    case Volatile:
    case Const:
    case Restrict:
    case TypeTag:
    case Var:
      Id = type(Id).Target;
      break;
    default:
      return Id;
    }
  }
  return 0;
}

uint64_t BtfView::sizeOf(uint32_t Id) const {
  uint64_t Factor = 1;
  for (unsigned Depth = 0; Depth != MaxDepth; ++Depth) {
    const Type &T = type(Id = strip(Id));
    if (T.K == Ptr)
      return Factor * 8;
    if (T.K != Array)
      return Factor * T.Size;
    Factor *= T.Size;
    Id = T.Target;
  }
  return 0;
}

const BtfView::Type *BtfView::dataSection(StringRef Name) const {
  for (const Type &T : Types)
    if (T.K == DataSec && T.Name == Name)
      return &T;
  return nullptr;
}

namespace {

Error bad(const Twine &What) {
  return diagError(DiagCode::BadObject, {}, What.str());
}

class Reader {
public:
  Reader(ArrayRef<uint8_t> Bytes, bool BigEndian)
      : Data(Bytes, !BigEndian, 8), C(0) {}
  ~Reader() { consumeError(C.takeError()); }

  Expected<BtfView> types();
  Error lines(ArrayRef<uint8_t> Ext, BtfView &Into);

private:
  uint32_t word() { return Data.getU32(C); }
  std::string string(uint32_t Offset) const {
    uint64_t At = StringStart + uint64_t(Offset);
    if (Offset >= StringSize)
      return {};
    StringRef Tail = Data.getData().substr(At, StringSize - Offset);
    return Tail.take_until([](char Ch) { return Ch == 0; }).str();
  }
  void members(BtfView::Type &T, uint32_t Count);

  DataExtractor Data;
  DataExtractor::Cursor C;
  uint64_t StringStart = 0, StringSize = 0;
};

} // namespace

void Reader::members(BtfView::Type &T, uint32_t Count) {
  // Each member is at least 8 bytes: a count that the section cannot hold
  // stops at the first read beyond its end.
  for (uint32_t N = 0; N != Count && C; ++N) {
    BtfView::Member M;
    uint32_t First = word();
    switch (T.K) {
    case BtfView::Struct:
    case BtfView::Union: {
      M.Name = string(First);
      M.Type = word();
      uint32_t Offset = word();
      M.Offset = T.Flag ? Offset & 0xffffff : Offset;
      M.Size = T.Flag ? Offset >> 24 : 0;
      break;
    }
    case BtfView::Enum:
      M.Name = string(First);
      M.Value = T.Flag ? int64_t(int32_t(word())) : int64_t(word());
      break;
    case BtfView::Enum64: {
      M.Name = string(First);
      uint64_t Low = word();
      M.Value = int64_t(Low | uint64_t(word()) << 32);
      break;
    }
    case BtfView::DataSec:
      M.Type = First;
      M.Offset = word();
      M.Size = word();
      break;
    default: // FuncProto
      M.Name = string(First);
      M.Type = word();
      break;
    }
    T.Members.push_back(std::move(M));
  }
}

Expected<BtfView> Reader::types() {
  uint16_t Magic = Data.getU16(C);
  Data.getU16(C); // version, flags
  uint32_t Header = word(), TypeOff = word(), TypeLen = word(), StrOff = word(),
           StrLen = word();
  uint64_t Size = Data.size();
  if (!C || Magic != 0xeb9f || uint64_t(Header) + TypeOff + TypeLen > Size ||
      uint64_t(Header) + StrOff + StrLen > Size)
    return bad(".BTF has no usable header");
  StringStart = uint64_t(Header) + StrOff;
  StringSize = StrLen;
  C.seek(uint64_t(Header) + TypeOff);
  uint64_t End = C.tell() + TypeLen;

  BtfView Out;
  Out.Types.emplace_back();
  while (C && C.tell() < End) {
    BtfView::Type T;
    T.Name = string(word());
    uint32_t Info = word(), SizeOrType = word();
    unsigned Kind = Info >> 24 & 0x1f;
    uint32_t Count = Info & 0xffff;
    if (Kind == 0 || Kind > BtfView::Enum64)
      return bad("type " + Twine(Out.Types.size()) +
                 " in .BTF has the unknown kind " + Twine(Kind));
    T.K = BtfView::Kind(Kind);
    T.Flag = Info >> 31;
    switch (T.K) {
    case BtfView::Int:
      T.Size = SizeOrType;
      T.Encoding = word() >> 24 & 0xf;
      break;
    case BtfView::Array:
      T.Target = word();
      word(); // index type
      T.Size = word();
      break;
    case BtfView::Struct:
    case BtfView::Union:
    case BtfView::Enum:
    case BtfView::Enum64:
    case BtfView::DataSec:
      T.Size = SizeOrType;
      members(T, Count);
      break;
    case BtfView::FuncProto:
      T.Target = SizeOrType;
      members(T, Count);
      break;
    case BtfView::Float:
      T.Size = SizeOrType;
      break;
    case BtfView::Var:
    case BtfView::DeclTag:
      T.Target = SizeOrType;
      T.Encoding = word(); // linkage, component index
      break;
    default:
      T.Target = SizeOrType;
      break;
    }
    Out.Types.push_back(std::move(T));
  }
  if (Error E = C.takeError()) {
    consumeError(std::move(E));
    return bad(".BTF is truncated");
  }
  return Out;
}

Error Reader::lines(ArrayRef<uint8_t> Ext, BtfView &Into) {
  DataExtractor D(Ext, Data.isLittleEndian(), 8);
  DataExtractor::Cursor E(0);
  uint16_t Magic = D.getU16(E);
  D.getU16(E);
  uint32_t Header = D.getU32(E);
  D.getU64(E); // func_info
  uint32_t Off = D.getU32(E), Len = D.getU32(E);
  E.seek(uint64_t(Header) + Off);
  uint64_t End = E.tell() + Len;
  uint32_t RecordSize = Len ? D.getU32(E) : 0;
  bool Good = E && Magic == 0xeb9f && End <= Ext.size();
  while (Good && E && E.tell() < End) {
    std::string Section = string(D.getU32(E));
    uint32_t Count = D.getU32(E);
    Good = RecordSize >= 16;
    for (uint32_t N = 0; Good && E && N != Count; ++N) {
      uint64_t Start = E.tell();
      uint32_t Insn = D.getU32(E), File = D.getU32(E);
      D.getU32(E); // text
      uint32_t Line = D.getU32(E);
      if (E)
        Into.Lines.push_back({Section, Insn, string(File), Line >> 10});
      E.seek(Start + RecordSize);
    }
  }
  bool Whole = bool(E);
  consumeError(E.takeError());
  return Good && Whole ? Error::success()
                       : bad("the line information in .BTF.ext is damaged");
}

Expected<BtfView> readBtf(ArrayRef<uint8_t> Btf, ArrayRef<uint8_t> Ext,
                          bool BigEndian) {
  if (Btf.empty())
    return BtfView{{{}}, {}};
  Reader R(Btf, BigEndian);
  auto Out = R.types();
  if (Out && !Ext.empty())
    if (Error E = R.lines(Ext, *Out))
      return std::move(E);
  return Out;
}

} // namespace bpfcc
