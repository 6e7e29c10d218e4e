#ifndef BPFCC_BACKEND_PREPARE_WIDEARITHMETIC_H
#define BPFCC_BACKEND_PREPARE_WIDEARITHMETIC_H

#include "backend/prepare/Accesses.h"

namespace bpfcc {

/// An integer of any width as 64-bit limbs, the lowest first. The bits above
/// the width are zero.
using Limbs = llvm::SmallVector<llvm::Value *, 2>;

/// Arithmetic on limbs, written with \p B. Every operand and result of \p
/// Width bits is a whole number of limbs with zeros above the width.
/// Amounts of shifts must be less than the width, as in LLVM IR.
class WideArithmetic {
public:
  explicit WideArithmetic(Builder &B) : B(B) {}

  Limbs constant(const llvm::APInt &C);
  Limbs add(const Limbs &X, const Limbs &Y, unsigned Width);
  Limbs subtract(const Limbs &X, const Limbs &Y, unsigned Width);
  Limbs multiply(const Limbs &X, const Limbs &Y, unsigned Width);
  /// Division of one limb.
  Limbs divide(llvm::Instruction::BinaryOps Op, const Limbs &X, const Limbs &Y,
               unsigned Width);
  /// and, or, xor.
  Limbs bitwise(llvm::Instruction::BinaryOps Op, const Limbs &X,
                const Limbs &Y);
  /// shl, lshr, ashr; \p Amount is an i64.
  Limbs shift(llvm::Instruction::BinaryOps Op, const Limbs &X,
              llvm::Value *Amount, unsigned Width);
  llvm::Value *compare(llvm::CmpInst::Predicate P, const Limbs &X,
                       const Limbs &Y, unsigned Width);

  /// Clears what is above \p Width, and drops or adds limbs.
  Limbs truncate(const Limbs &X, unsigned Width);
  /// From \p From to \p To bits, the sign repeated.
  Limbs signExtend(const Limbs &X, unsigned From, unsigned To);

private:
  Limbs withSign(const Limbs &X, unsigned Width);
  Limbs shiftUp(Limbs X, llvm::Value *Amount);
  Limbs shiftDown(Limbs X, llvm::Value *Amount, bool Signed);
  llvm::Value *crossing(llvm::Instruction::BinaryOps Op, llvm::Value *V,
                        llvm::Value *Bits);
  llvm::Value *bit(llvm::Value *Truth);
  llvm::Value *highProduct(llvm::Value *X, llvm::Value *Y);
  void accumulate(Limbs &Sum, unsigned At, llvm::Value *V);

  Builder &B;
};

} // namespace bpfcc

#endif
