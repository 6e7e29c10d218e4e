// Types of an object in other languages than C. Every byte has its place: gaps
// are fields of their own, so that what the language would leave between fields
// does not matter. Of a union the first member that fills it is shown; fields
// of bits are a gap.

#include "tools/gen/Bindings.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace bpfcc::gen {

std::string camelCase(StringRef Name) {
  std::string Out;
  bool Upper = true;
  for (char C : Name) {
    if (!isAlnum(C)) {
      Upper = true;
      continue;
    }
    Out += Upper ? toUpper(C) : C;
    Upper = false;
  }
  if (Out.empty() || isDigit(Out.front()))
    Out = "X" + Out;
  return Out;
}

std::string uniqueName(StringRef Name, StringSet<> &Taken) {
  std::string Try = Name.str();
  for (unsigned N = 2; !Taken.insert(Try).second; ++N)
    Try = (Name + utostr(N)).str();
  return Try;
}

std::vector<Bindings::Field> Bindings::fieldsOf(const BtfFile::Type &T) const {
  std::vector<Field> Fields;
  for (const BtfFile::Member &In : T.Members) {
    if (In.Size || In.Offset % 8)
      continue;
    Field F{In.Name.empty() ? "unnamed" + utostr(Fields.size()) : In.Name.str(),
            In.Type, In.Offset / 8, M.Btf.sizeOf(In.Type)};
    if (T.K == btf::KindUnion) {
      if (F.Size == T.Size)
        return {F};
      continue;
    }
    if (F.Size)
      Fields.push_back(std::move(F));
  }
  return Fields;
}

void Bindings::define(StringRef Name, ArrayRef<Field> Fields, uint64_t Size) {
  std::string Body;
  StringSet<> Names;
  uint64_t End = 0;
  unsigned Gaps = 0;
  uint64_t Align = 1;
  bool Packed = false;
  auto PadTo = [&](uint64_t Offset) {
    if (Offset <= End)
      return;
    std::string Gap;
    do
      Gap = "__pad" + utostr(Gaps++);
    while (any_of(Fields, [&](const Field &F) { return F.Name == Gap; }));
    Body += L.padding(Gap, Offset - End);
  };
  for (const Field &F : Fields) {
    if (F.Offset < End)
      continue; // another name of the same bytes
    PadTo(F.Offset);
    std::string FieldName = F.Name;
    for (unsigned N = 2; !Names.insert(camelCase(FieldName)).second; ++N)
      FieldName = F.Name + "_" + utostr(N);
    Body += L.field(FieldName, type(F.Type, (Name + camelCase(F.Name)).str()));
    uint64_t Own = M.Btf.alignOf(F.Type);
    Packed |= F.Offset % Own != 0;
    Align = std::max(Align, Own);
    End = F.Offset + F.Size;
  }
  PadTo(Size);
  Packed |= Size % Align != 0;
  Text += L.record(Name, Body, Packed);
}

std::string Bindings::enumeration(uint32_t Id, StringRef Name) {
  const BtfFile::Type &T = M.Btf.type(Id);
  bool Signed = T.Flag || any_of(T.Members, [](const BtfFile::Member &V) {
                  return V.Value < 0;
                });
  std::string New = unique(Prefix + camelCase(Name));
  Known[Id] = New;
  Text += L.enumeration(New, L.integer(T.Size, Signed), T.Members,
                        [&](StringRef Value) { return unique(Value); });
  return New;
}

std::string Bindings::named(uint32_t Id, StringRef Hint) {
  if (auto It = Known.find(Id); It != Known.end())
    return It->second;
  const BtfFile::Type &T = M.Btf.type(Id);
  if (T.K == btf::KindEnum || T.K == btf::KindEnum64)
    return T.Name.empty() ? L.integer(T.Size, T.Flag) : enumeration(Id, T.Name);
  std::string New =
      unique(T.Name.empty() ? Hint.str() : Prefix + camelCase(T.Name));
  Known[Id] = New;
  define(New, fieldsOf(T), T.Size);
  return New;
}

static bool isInteger(uint64_t Bytes) {
  return Bytes <= 8 && isPowerOf2_64(Bytes);
}

std::string Bindings::type(uint32_t Id, StringRef Hint) {
  Id = M.Btf.strip(Id);
  const BtfFile::Type &T = M.Btf.type(Id);
  switch (T.K) {
  case btf::KindInt:
    return isInteger(T.Size) ? L.integer(T.Size, T.Encoding & btf::IntSigned)
                             : bytes(T.Size);
  case btf::KindFloat:
    return T.Size == 4 || T.Size == 8 ? L.floating(T.Size) : bytes(T.Size);
  case btf::KindPtr:
    return L.integer(8, false);
  case btf::KindArray:
    return L.array(type(T.Target, Hint), T.Size);
  case btf::KindEnum:
  case btf::KindEnum64:
    if (!isInteger(T.Size))
      return bytes(T.Size);
    [[fallthrough]];
  case btf::KindStruct:
  case btf::KindUnion:
    return named(Id, Hint);
  default:
    return bytes(M.Btf.sizeOf(Id));
  }
}

std::string Bindings::all() {
  for (const Map &In : M.Maps) {
    std::string Hint = Prefix + camelCase(In.Ident);
    if (In.KeyType)
      type(In.KeyType, Hint + "Key");
    if (In.ValueType)
      type(In.ValueType, Hint + "Value");
    if (In.Mapped.empty() || In.Mapped == "arena")
      continue;
    std::vector<Field> Fields;
    uint64_t End = 0;
    for (const Variable &V : In.Variables) {
      Fields.push_back({V.Name, V.Type, V.Offset, V.Size});
      End = std::max(End, V.Offset + V.Size);
    }
    const Section *S = M.Obj.findSection(In.Section);
    define(unique(Hint), Fields, S ? S->Size : End);
  }
  return std::move(Text);
}

} // namespace bpfcc::gen
