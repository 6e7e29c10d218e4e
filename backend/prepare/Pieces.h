#ifndef BPFCC_BACKEND_PREPARE_PIECES_H
#define BPFCC_BACKEND_PREPARE_PIECES_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Type.h"
#include "llvm/IR/Value.h"

namespace bpfcc {

/// Whether a register holds values of \p Ty: void, pointers, i1, i8, i16, i32
/// and i64.
bool fitsRegister(const llvm::Type &Ty);

/// Whether \p V is a structure of results that select itself takes apart: of
/// cmpxchg, inline assembly or callbr.
bool isPair(const llvm::Value *V);

/// Whether \p Ty is made of pointers and integers alone.
bool canSplit(const llvm::Type &Ty);

/// The most registers that one value may be split into.
constexpr unsigned MaxPieces = 64;

/// The register types that stand for a value of \p Ty, in order: the elements
/// of structures, arrays and vectors one after the other; the 64-bit limbs of
/// other integers, the lowest first. Empty for what cannot be split (floating
/// point, scalable vectors) and for what has no members.
/// Stops soon after MaxPieces.
llvm::SmallVector<llvm::Type *, 2> pieceTypes(llvm::Type &Ty);

/// The number of elements of a structure, an array or a vector.
unsigned numElements(const llvm::Type &Ty);

/// The type of element \p N of a structure, an array or a vector.
llvm::Type *elementType(llvm::Type &Ty, unsigned N);

/// Where element \p N of \p Ty is in memory, in bytes from its start.
uint64_t elementOffset(llvm::Type &Ty, unsigned N, const llvm::DataLayout &DL);

} // namespace bpfcc

#endif
