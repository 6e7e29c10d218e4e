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

/// What \p Address is a multiple of, \p Known at least. A local variable that
/// it points into is aligned to \p Wanted if that helps; \p Access is where.
llvm::Align alignStack(llvm::Value *Address, llvm::Align Known,
                       llvm::Align Wanted, llvm::Instruction &Access);

} // namespace bpfcc

#endif
