#ifndef BPFCC_BACKEND_TARGET_CTXFIELDS_H
#define BPFCC_BACKEND_TARGET_CTXFIELDS_H

#include "backend/target/ProgTypes.h"

#include "llvm/ADT/ArrayRef.h"

namespace bpfcc::target {

/// Where a field lies in its context: SkBuff_mark is 8.
enum CtxOffset : uint16_t {
#define CTX_FIELD(Layout, Name, Offset, Size, Readers, Writers)                \
  Layout##_##Name = Offset,
#include "backend/target/ctx_fields.def"
};

struct CtxFieldInfo {
  CtxLayout Layout;
  const char *Name;
  uint16_t Offset, Size;     ///< bytes
  uint64_t Readers, Writers; ///< bit n: the program type with number n
};

/// All rows of ctx_fields.def; offsets of a layout rise.
llvm::ArrayRef<CtxFieldInfo> ctxFields();

/// What programs of one type may touch of their context: bit n stands for its
/// bytes 4n to 4n+3.
struct CtxAccess {
  uint32_t Size = 0; ///< bytes; 0 if the layout has no rows
  uint64_t ReadableWords = 0;
  uint64_t WritableWords = 0;
};
CtxAccess ctxAccess(ProgType T);

} // namespace bpfcc::target

#endif
