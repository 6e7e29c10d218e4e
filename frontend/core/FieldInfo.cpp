#include "frontend/core/FieldInfo.h"

#include "support/Diagnostic.h"

#include "llvm/BinaryFormat/Dwarf.h"

namespace bpfcc {

using namespace llvm;

const DIType *stripQualifiers(const DIType *Ty, bool Typedefs) {
  while (auto *D = dyn_cast_or_null<DIDerivedType>(Ty)) {
    unsigned Tag = D->getTag();
    bool Skip =
        Tag == dwarf::DW_TAG_const_type || Tag == dwarf::DW_TAG_volatile_type ||
        Tag == dwarf::DW_TAG_restrict_type || Tag == dwarf::DW_TAG_member ||
        (Typedefs && Tag == dwarf::DW_TAG_typedef);
    if (!Skip)
      break;
    Ty = D->getBaseType();
  }
  return Ty;
}

uint64_t arrayElements(const DICompositeType &Array, unsigned From) {
  uint64_t Count = 1;
  DINodeArray Dimensions = Array.getElements();
  for (unsigned I = From; I < Dimensions.size(); ++I)
    if (auto *Range = dyn_cast<DISubrange>(Dimensions[I]))
      if (auto *C = dyn_cast_if_present<ConstantInt *>(Range->getCount()))
        Count *= uint64_t(std::max<int64_t>(C->getSExtValue(), 0));
  return Count;
}

namespace {

/// The aligned unit, in bits from the start of the record, that holds a
/// bit-field.
struct BitRange {
  uint64_t Start, End;
};

Expected<BitRange> storageOf(const DIDerivedType &Field, Align Record) {
  uint64_t Size = Field.getSizeInBits(), At = Field.getOffsetInBits();
  uint64_t Unit = std::min<uint64_t>(Record.value(), 8) * 8;
  uint64_t Start = At & ~(Unit - 1);
  if (Size > Unit || Start + Unit < At + Size)
    return diagError(DiagCode::CoreAccess, {},
                     "the bit-field `" + Field.getName().str() +
                         "` does not lie in one aligned unit of its structure");
  return BitRange{Start, Start + Unit};
}

uint64_t isSigned(const DIType *Ty) {
  Ty = stripQualifiers(Ty);
  while (auto *Composite = dyn_cast_or_null<DICompositeType>(Ty)) {
    if (Composite->getTag() != dwarf::DW_TAG_enumeration_type &&
        Composite->getTag() != dwarf::DW_TAG_array_type)
      return 0;
    Ty = stripQualifiers(Composite->getBaseType());
  }
  auto *Basic = dyn_cast_or_null<DIBasicType>(Ty);
  return Basic && (Basic->getEncoding() == dwarf::DW_ATE_signed ||
                   Basic->getEncoding() == dwarf::DW_ATE_signed_char);
}

uint64_t typeBytes(const DIType *Ty) {
  Ty = stripQualifiers(Ty);
  return Ty ? Ty->getSizeInBits() / 8 : 0;
}

uint64_t elementInfo(CoreKind Kind, const DICompositeType &Array,
                     uint64_t Index, uint64_t Offset) {
  uint64_t Step = arrayElements(Array, 1) * typeBytes(Array.getBaseType());
  switch (Kind) {
  case CoreKind::FieldByteOffset:
    return Offset + Index * Step;
  case CoreKind::FieldByteSize:
    return Step;
  case CoreKind::FieldSigned:
    return isSigned(Array.getBaseType());
  case CoreKind::FieldLeftShift:
  case CoreKind::FieldRightShift:
    return 64 - std::min<uint64_t>(Step * 8, 64);
  default:
    return 1;
  }
}

} // namespace

Expected<uint64_t> fieldInfo(CoreKind Kind, const DICompositeType &Ty,
                             uint64_t Index, uint64_t Offset, Align RecordAlign,
                             bool BigEndian) {
  if (Ty.getTag() == dwarf::DW_TAG_array_type)
    return elementInfo(Kind, Ty, Index, Offset);
  auto *Field = Index < Ty.getElements().size()
                    ? dyn_cast<DIDerivedType>(Ty.getElements()[Index])
                    : nullptr;
  if (!Field)
    return diagError(DiagCode::CoreAccess, {},
                     "an access of a field that its type does not have");
  uint64_t Size = Field->getSizeInBits();
  BitRange Unit{Field->getOffsetInBits(), Field->getOffsetInBits() + Size};
  bool NeedsUnit = Kind == CoreKind::FieldByteOffset ||
                   Kind == CoreKind::FieldByteSize ||
                   Kind == CoreKind::FieldLeftShift;
  if (Field->isBitField() && NeedsUnit) {
    auto Storage = storageOf(*Field, RecordAlign);
    if (!Storage)
      return Storage.takeError();
    Unit = *Storage;
  }
  switch (Kind) {
  case CoreKind::FieldByteOffset:
    return Offset + Unit.Start / 8;
  case CoreKind::FieldByteSize:
    return (Unit.End - Unit.Start) / 8;
  case CoreKind::FieldSigned:
    return isSigned(Field->getBaseType());
  case CoreKind::FieldLeftShift:
    if (!Field->isBitField())
      return 64 - std::min<uint64_t>(Size, 64);
    return BigEndian ? Field->getOffsetInBits() + 64 - Unit.End
                     : Unit.Start + 64 - Field->getOffsetInBits() - Size;
  case CoreKind::FieldRightShift:
    return 64 - std::min<uint64_t>(Size, 64);
  default:
    return 1;
  }
}

} // namespace bpfcc
