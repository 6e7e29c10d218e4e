// Types.
//
// needs: DIType graphs
// gives: BTF types, in the order in which Clang's BPF target gives them: a
//        derived type before its base, a structure before its members, an
//        array after its element
//
// A program that includes vmlinux.h reaches most of the kernel through
// pointers. So a pointer that is a member of a structure does not drag in what
// it points to: `struct sk_buff *` there becomes a pointer to the structure if
// something else needs it, else to a forward declaration.

#include "backend/btf/TypeBuilder.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/Constants.h"

namespace bpfcc::btf {

using namespace llvm;

static bool isRecord(const DIType *Ty) {
  return Ty && (Ty->getTag() == dwarf::DW_TAG_structure_type ||
                Ty->getTag() == dwarf::DW_TAG_union_type);
}

uint32_t TypeBuilder::visit(const DIType *Ty, Reach R) {
  if (!Ty)
    return 0;
  if (auto It = Ids.find(Ty); It != Ids.end()) {
    if (R != Reach::BehindPointer)
      completeSeen(Ty, R);
    return Ids.lookup(Ty);
  }
  if (auto *Basic = dyn_cast<DIBasicType>(Ty))
    return basic(*Basic);
  if (auto *Derived = dyn_cast<DIDerivedType>(Ty))
    return derived(*Derived, R);
  if (auto *Composite = dyn_cast<DICompositeType>(Ty))
    return composite(*Composite);
  if (auto *Function = dyn_cast<DISubroutineType>(Ty))
    return prototype(*Function, {}, /*Shared=*/true);
  return 0;
}

/// A pointer whose target may stay open.
static bool stopsAt(const DIDerivedType &Ty) {
  return Ty.getTag() == dwarf::DW_TAG_pointer_type && !Ty.getAnnotations();
}

/// A structure that a forward declaration can stand for.
static bool canBeForward(const DIType *Ty) {
  return isRecord(Ty) && !Ty->getName().empty() && !Ty->isForwardDecl();
}

/// \p Ty was made when its end could stay open; now it is met again.
void TypeBuilder::completeSeen(const DIType *Ty, Reach R) {
  auto *D = dyn_cast<DIDerivedType>(Ty);
  while (D && D->getBaseType() && Ids.contains(D->getBaseType()))
    D = dyn_cast<DIDerivedType>(D->getBaseType());
  if (!D || !D->getBaseType())
    return;
  if (R == Reach::Member && stopsAt(*D)) {
    R = Reach::BehindPointer;
    if (canBeForward(D->getBaseType()))
      return;
  }
  visit(D->getBaseType(), R);
}

uint32_t TypeBuilder::basic(const DIBasicType &Ty) {
  uint32_t Bits = uint32_t(Ty.getSizeInBits());
  if (Ty.getTag() == dwarf::DW_TAG_unspecified_type)
    return 0;
  Type T;
  T.Name = W.string(Ty.getName());
  T.SizeOrType = Bits / 8;
  uint32_t Encoding = 0;
  switch (Ty.getEncoding()) {
  case dwarf::DW_ATE_float:
    T.K = KindFloat;
    return Ids[&Ty] = W.add(std::move(T));
  case dwarf::DW_ATE_boolean:
    Encoding = IntBool;
    break;
  case dwarf::DW_ATE_signed:
  case dwarf::DW_ATE_signed_char:
    Encoding = IntSigned;
    break;
  case dwarf::DW_ATE_unsigned:
  case dwarf::DW_ATE_unsigned_char:
  case dwarf::DW_ATE_UTF:
    break;
  default:
    return 0;
  }
  T.K = KindInt;
  T.Words = {Encoding << 24 | Bits};
  return Ids[&Ty] = W.add(std::move(T));
}

uint32_t TypeBuilder::typeTags(const DIDerivedType &Ty, uint32_t Base) {
  DINodeArray Annotations = Ty.getAnnotations();
  if (!Annotations)
    return Base;
  for (const Metadata *M : Annotations->operands()) {
    auto *Pair = cast<MDNode>(M);
    if (cast<MDString>(Pair->getOperand(0))->getString() != "btf_type_tag")
      continue;
    Type T;
    T.K = KindTypeTag;
    T.Name = W.string(cast<MDString>(Pair->getOperand(1))->getString());
    T.SizeOrType = Base;
    Base = W.add(std::move(T));
  }
  return Base;
}

uint32_t TypeBuilder::derived(const DIDerivedType &Ty, Reach R) {
  Kind K;
  switch (Ty.getTag()) {
  case dwarf::DW_TAG_pointer_type:
    K = KindPtr;
    break;
  case dwarf::DW_TAG_typedef:
    K = KindTypedef;
    break;
  case dwarf::DW_TAG_const_type:
    K = KindConst;
    break;
  case dwarf::DW_TAG_volatile_type:
    K = KindVolatile;
    break;
  case dwarf::DW_TAG_restrict_type:
    K = KindRestrict;
    break;
  default:
    return visit(Ty.getBaseType(), R);
  }
  Type T;
  T.K = K;
  if (K == KindTypedef)
    T.Name = W.string(Ty.getName());
  uint32_t Id = Ids[&Ty] = W.add(std::move(T));
  if (R == Reach::Member && stopsAt(Ty))
    R = Reach::BehindPointer;
  const DIType *Base = Ty.getBaseType();
  auto *Record = dyn_cast_or_null<DICompositeType>(Base);
  if (R == Reach::BehindPointer && canBeForward(Base)) {
    uint32_t Tagged = typeTags(Ty, 0);
    uint32_t Innermost = Id;
    if (Tagged) {
      W.type(Id).SizeOrType = Tagged;
      while (W.type(Tagged).SizeOrType)
        Tagged = W.type(Tagged).SizeOrType;
      Innermost = Tagged;
    }
    Open.push_back({Innermost, Record});
    return Id;
  }
  uint32_t BaseId = visit(Base, R);
  if (K == KindPtr)
    BaseId = typeTags(Ty, BaseId);
  W.type(Id).SizeOrType = BaseId;
  if (K == KindTypedef)
    declTags(Ty.getAnnotations(), Id, -1);
  return Id;
}

uint32_t TypeBuilder::composite(const DICompositeType &Ty) {
  switch (Ty.getTag()) {
  case dwarf::DW_TAG_structure_type:
  case dwarf::DW_TAG_union_type:
    return record(Ty);
  case dwarf::DW_TAG_array_type:
    return array(Ty);
  case dwarf::DW_TAG_enumeration_type:
    return enumeration(Ty);
  default:
    return 0;
  }
}

uint32_t TypeBuilder::record(const DICompositeType &Ty) {
  bool IsUnion = Ty.getTag() == dwarf::DW_TAG_union_type;
  Type T;
  T.Name = W.string(Ty.getName());
  if (Ty.isForwardDecl()) {
    T.K = KindFwd;
    T.Flag = IsUnion;
    return Ids[&Ty] = W.add(std::move(T));
  }
  T.K = IsUnion ? KindUnion : KindStruct;
  T.SizeOrType = uint32_t(Ty.getSizeInBits() / 8);
  SmallVector<const DIDerivedType *, 16> Members;
  for (const DINode *N : Ty.getElements())
    if (auto *D = dyn_cast<DIDerivedType>(N);
        D && D->getTag() == dwarf::DW_TAG_member && !D->isStaticMember())
      Members.push_back(D);
  if (Members.size() > MaxLength)
    return 0;
  T.Length = uint32_t(Members.size());
  T.Flag = any_of(Members, [](auto *M) { return M->isBitField(); });
  bool Flag = T.Flag;
  uint32_t Id = Ids[&Ty] = W.add(std::move(T));
  Records.push_back({&Ty, Id});
  declTags(Ty.getAnnotations(), Id, -1);
  std::vector<uint32_t> Words;
  int32_t Number = 0;
  for (const DIDerivedType *M : Members) {
    uint32_t Offset = uint32_t(M->getOffsetInBits());
    if (Flag && M->isBitField())
      Offset |= uint32_t(M->getSizeInBits()) << 24;
    uint32_t Name = W.string(M->getName());
    uint32_t MemberId = visit(M->getBaseType(), Reach::Member);
    Words.insert(Words.end(), {Name, MemberId, Offset});
    declTags(M->getAnnotations(), Id, Number++);
  }
  W.type(Id).Words = std::move(Words);
  return Id;
}

uint32_t TypeBuilder::array(const DICompositeType &Ty) {
  uint32_t Id = visit(Ty.getBaseType(), Reach::Full);
  SmallVector<uint32_t, 2> Made;
  DINodeArray Dimensions = Ty.getElements();
  for (unsigned I = Dimensions.size(); I-- > 0;) {
    auto *Range = dyn_cast<DISubrange>(Dimensions[I]);
    if (!Range)
      continue;
    int64_t Count = 0;
    if (auto *C = dyn_cast_if_present<ConstantInt *>(Range->getCount()))
      Count = std::max<int64_t>(C->getSExtValue(), 0);
    Type T;
    T.K = KindArray;
    T.Words = {Id, 0, uint32_t(Count)};
    Id = W.add(std::move(T));
    Made.push_back(Id);
  }
  if (!IndexType) {
    Type T;
    T.Name = W.string("__ARRAY_SIZE_TYPE__");
    T.K = KindInt;
    T.SizeOrType = 4;
    T.Words = {32};
    IndexType = W.add(std::move(T));
  }
  for (uint32_t A : Made)
    W.type(A).Words[1] = IndexType;
  return Ids[&Ty] = Id;
}

/// The type that holds the values of an enumeration; null if it is a forward
/// declaration.
static const DIBasicType *underlying(const DICompositeType &Enum) {
  const DIType *Ty = Enum.getBaseType();
  while (auto *D = dyn_cast_or_null<DIDerivedType>(Ty))
    Ty = D->getBaseType();
  return dyn_cast_or_null<DIBasicType>(Ty);
}

uint32_t TypeBuilder::enumeration(const DICompositeType &Ty) {
  if (Ty.getElements().size() > MaxLength)
    return 0;
  constexpr uint64_t DefaultSize = 4;
  Type T;
  T.Name = W.string(Ty.getName());
  uint64_t Size = Ty.getSizeInBits() / 8;
  bool Wide = Size > DefaultSize;
  T.K = Wide ? KindEnum64 : KindEnum;
  T.SizeOrType = uint32_t(Size ? Size : DefaultSize);
  const DIBasicType *Base = underlying(Ty);
  T.Flag = Base && (Base->getEncoding() == dwarf::DW_ATE_signed ||
                    Base->getEncoding() == dwarf::DW_ATE_signed_char);
  for (const DINode *N : Ty.getElements()) {
    auto *E = dyn_cast<DIEnumerator>(N);
    if (!E)
      continue;
    ++T.Length;
    uint64_t Value = E->isUnsigned()
                         ? E->getValue().zextOrTrunc(64).getZExtValue()
                         : E->getValue().sextOrTrunc(64).getZExtValue();
    T.Words.push_back(W.string(E->getName()));
    T.Words.push_back(uint32_t(Value));
    if (Wide)
      T.Words.push_back(uint32_t(Value >> 32));
  }
  return Ids[&Ty] = W.add(std::move(T));
}

uint32_t TypeBuilder::prototype(const DISubroutineType &Ty,
                                ArrayRef<StringRef> Names, bool Shared) {
  DITypeRefArray Types = Ty.getTypeArray();
  Type T;
  T.K = KindFuncProto;
  T.Length = Types.size() ? uint32_t(Types.size() - 1) : 0;
  uint32_t Id = W.add(std::move(T));
  if (Shared)
    Ids[&Ty] = Id;
  if (Types.size())
    W.type(Id).SizeOrType = visit(Types[0], Reach::Full);
  std::vector<uint32_t> Words;
  for (unsigned I = 1; I < Types.size(); ++I) {
    StringRef Name = I <= Names.size() ? Names[I - 1] : StringRef();
    uint32_t Argument = visit(Types[I], Reach::Full);
    Words.push_back(Types[I] ? W.string(Name) : 0);
    Words.push_back(Argument);
  }
  W.type(Id).Words = std::move(Words);
  return Id;
}

void TypeBuilder::declTags(DINodeArray Annotations, uint32_t Id,
                           int32_t Component) {
  if (!Annotations)
    return;
  for (const Metadata *M : Annotations->operands()) {
    auto *Pair = cast<MDNode>(M);
    if (cast<MDString>(Pair->getOperand(0))->getString() != "btf_decl_tag")
      continue;
    Type T;
    T.K = KindDeclTag;
    T.Name = W.string(cast<MDString>(Pair->getOperand(1))->getString());
    T.SizeOrType = Id;
    T.Words = {uint32_t(Component)};
    W.add(std::move(T));
  }
}

void TypeBuilder::visitMapDefinition(const DIType *Ty) {
  while (auto *D = dyn_cast_or_null<DIDerivedType>(Ty))
    Ty = D->getBaseType();
  auto *Record = dyn_cast_or_null<DICompositeType>(Ty);
  if (Record && Record->getTag() == dwarf::DW_TAG_array_type)
    return visitMapDefinition(Record->getBaseType());
  if (!isRecord(Record) || Record->isForwardDecl())
    return;
  typeId(Record);
  for (const DINode *N : Record->getElements()) {
    auto *Member = dyn_cast<DIDerivedType>(N);
    if (!Member || Member->getTag() != dwarf::DW_TAG_member)
      continue;
    const DIType *Base = Member->getBaseType();
    // Maps of maps: `values` is an array of pointers to a map definition.
    auto *Array = dyn_cast_or_null<DICompositeType>(Base);
    if (Array && Array->getTag() == dwarf::DW_TAG_array_type &&
        Member->getName() == "values")
      visitMapDefinition(Array->getBaseType());
    else
      typeId(Base);
  }
}

uint32_t TypeBuilder::function(const DISubprogram &P, Linkage L) {
  SmallVector<StringRef, 5> Names;
  DITypeRefArray Types = P.getType()->getTypeArray();
  if (Types.size() && L != Extern)
    Names.resize(Types.size() - 1);
  SmallVector<const DILocalVariable *, 5> Arguments;
  for (const DINode *N : P.getRetainedNodes())
    if (auto *V = dyn_cast<DILocalVariable>(N);
        V && V->getArg() && V->getArg() <= Names.size()) {
      Names[V->getArg() - 1] = V->getName();
      Arguments.push_back(V);
      typeId(V->getType());
    }
  Type T;
  T.Name = W.string(P.getName());
  T.K = KindFunc;
  T.Length = L;
  // The prototype of a function with a body names its arguments.
  T.SizeOrType = prototype(*P.getType(), Names, /*Shared=*/L == Extern);
  uint32_t Id = W.add(std::move(T));
  for (const DILocalVariable *V : Arguments)
    declTags(V->getAnnotations(), Id, int32_t(V->getArg()) - 1);
  declTags(P.getAnnotations(), Id, -1);
  return Id;
}

void TypeBuilder::closePointers() {
  StringMap<uint32_t> Complete[2], Forward[2];
  for (auto [Ty, Id] : Records)
    if (!Ty->getName().empty())
      Complete[Ty->getTag() == dwarf::DW_TAG_union_type].try_emplace(
          Ty->getName(), Id);
  for (const OpenPointer &P : Open) {
    bool IsUnion = P.To->getTag() == dwarf::DW_TAG_union_type;
    StringRef Name = P.To->getName();
    uint32_t Id = Ids.lookup(P.To);
    if (!Id)
      Id = Complete[IsUnion].lookup(Name);
    if (!Id) {
      uint32_t &Made = Forward[IsUnion][Name];
      if (!Made) {
        Type T;
        T.Name = W.string(Name);
        T.K = KindFwd;
        T.Flag = IsUnion;
        Made = W.add(std::move(T));
      }
      Id = Made;
    }
    W.type(P.Type).SizeOrType = Id;
  }
}

} // namespace bpfcc::btf
