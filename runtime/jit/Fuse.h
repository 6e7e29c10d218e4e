#ifndef BPFCC_RUNTIME_JIT_FUSE_H
#define BPFCC_RUNTIME_JIT_FUSE_H

#include "runtime/interp/Predecode.h"

namespace bpfcc::jit {

/// What some instructions compute together.
struct Fused {
  enum Kind : uint8_t {
    Nothing,
    Sum,    ///< Dst = Base + (Index << Scale) + Disp
    Rotate, ///< Dst = Index rotated left by Scale
  };
  Kind What = Nothing;
  bool Wide = true; ///< Rotate: of 64 bits, not 32
  bool HasBase = false;
  uint8_t Dst = 0, Base = 0, Index = 0, Scale = 0;
  int32_t Disp = 0;
  unsigned Count = 0; ///< instructions
};

/// What the first of \p Code start, which are of one block and cannot fault.
/// \p LiveAfter tells for each which registers are read behind it.
Fused fuse(llvm::ArrayRef<PreInst> Code, llvm::ArrayRef<uint16_t> LiveAfter);

} // namespace bpfcc::jit

#endif
