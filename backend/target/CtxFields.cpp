#include "backend/target/CtxFields.h"

#include "backend/target/ProgSets.h"

namespace bpfcc::target {

using namespace sets;

static constexpr CtxFieldInfo Rows[] = {
#define CTX_FIELD(Layout, Name, Offset, Size, Readers, Writers)                \
  {CtxLayout::Layout, #Name, Offset, Size, Readers, Writers},
#include "backend/target/ctx_fields.def"
};

llvm::ArrayRef<CtxFieldInfo> ctxFields() { return Rows; }

static uint64_t words(const CtxFieldInfo &F) {
  uint32_t First = F.Offset / 4, End = (F.Offset + F.Size + 3) / 4;
  return ((1ull << (End - First)) - 1) << First;
}

CtxAccess ctxAccess(ProgType T) {
  CtxAccess A;
  const ProgTypeInfo *Info = progTypeInfo(T);
  if (!Info)
    return A;
  for (const CtxFieldInfo &F : Rows) {
    if (F.Layout != Info->Context)
      continue;
    // Structures end where their 8-byte fields would.
    A.Size = (F.Offset + F.Size + 7) / 8 * 8;
    if (F.Readers >> unsigned(T) & 1)
      A.ReadableWords |= words(F);
    if (F.Writers >> unsigned(T) & 1)
      A.WritableWords |= words(F);
  }
  return A;
}

} // namespace bpfcc::target
