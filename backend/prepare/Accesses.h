#ifndef BPFCC_BACKEND_PREPARE_ACCESSES_H
#define BPFCC_BACKEND_PREPARE_ACCESSES_H

#include "llvm/Analysis/InstSimplifyFolder.h"
#include "llvm/IR/IRBuilder.h"

namespace bpfcc {

/// Makes no instruction where a constant or an operand will do.
using Builder = llvm::IRBuilder<llvm::InstSimplifyFolder>;

/// Memory that starts at \p Address, a multiple of \p Known.
struct Place {
  llvm::Value *Address;
  llvm::Align Known;
  bool Volatile = false;
};

/// The number, of type i64 and zero-extended, that the \p Bytes (1 to 8) bytes
/// \p Offset bytes into \p From hold in the target's byte order. Each access
/// is as wide as AccessWidth.h allows.
llvm::Value *loadBytes(Builder &B, const Place &From, uint64_t Offset,
                       unsigned Bytes);

/// Writes the low \p Bytes (1 to 8) bytes of \p V, an i64, likewise.
void storeBytes(Builder &B, llvm::Value *V, const Place &To, uint64_t Offset,
                unsigned Bytes);

/// An address that is Offset bytes above a multiple of Base.
struct Alignment {
  llvm::Align Base;
  uint64_t Offset = 0;

  /// The widest access, in bytes (1, 2, 4 or 8), \p More bytes further up.
  unsigned widthAt(uint64_t More) const {
    return unsigned(llvm::commonAlignment(Base, Offset + More).value());
  }
};

/// How \p Address, a multiple of \p Known, is aligned. A local variable that it
/// points into, a constant distance from its start, is aligned for accesses as
/// wide as it is large.
Alignment alignmentOf(llvm::Value *Address, llvm::Align Known);

} // namespace bpfcc

#endif
