#ifndef BPFCC_FRONTEND_CORE_FIELDINFO_H
#define BPFCC_FRONTEND_CORE_FIELDINFO_H

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/Error.h"

namespace bpfcc {

/// enum bpf_core_relo_kind of <linux/bpf.h>.
enum class CoreKind : uint32_t {
  FieldByteOffset = 0,
  FieldByteSize = 1,
  FieldExists = 2,
  FieldSigned = 3,
  FieldLeftShift = 4,
  FieldRightShift = 5,
  TypeIdLocal = 6,
  TypeIdTarget = 7,
  TypeExists = 8,
  TypeSize = 9,
  EnumValueExists = 10,
  EnumValue = 11,
  TypeMatches = 12,
};

/// \p Ty without const, volatile, restrict and member wrappers, and without
/// typedefs if \p Typedefs is set.
const llvm::DIType *stripQualifiers(const llvm::DIType *Ty,
                                    bool Typedefs = true);

/// How many elements of the innermost kind one step in dimension 0 (\p From
/// = 1) passes, or the whole array has (\p From = 0).
uint64_t arrayElements(const llvm::DICompositeType &Array, unsigned From);

/// What relocation \p Kind says of member or element \p Index of \p Ty in the
/// local types. \p Offset is the byte offset of \p Ty itself from the root;
/// only FieldByteOffset adds to it. Bit-fields are read in units of
/// \p RecordAlign, the alignment of the record.
llvm::Expected<uint64_t> fieldInfo(CoreKind Kind,
                                   const llvm::DICompositeType &Ty,
                                   uint64_t Index, uint64_t Offset,
                                   llvm::Align RecordAlign, bool BigEndian);

} // namespace bpfcc

#endif
