#ifndef BPFCC_BACKEND_SELECT_UPPERBITS_H
#define BPFCC_BACKEND_SELECT_UPPERBITS_H

#include "backend/select/Select.h"

#include "llvm/ADT/APInt.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

/// What is known of the bits above an N-bit value in its 64-bit register:
/// bits N..Zero-1 are zero; bits N..Sign-1 equal bit N-1. A field that is N
/// says nothing.
struct Upper {
  uint8_t Zero;
  uint8_t Sign;
  bool operator==(const Upper &) const = default;
};

/// The width of \p V in bits; pointers are 64 wide.
unsigned widthOf(const llvm::Value *V);

/// The bits of \p V if it is a plain constant. undef and poison are 0.
std::optional<llvm::APInt> constantBits(const llvm::Value *V);

/// Whether the register of the narrow constant \p C is loaded with its zero
/// extension (else with its sign extension): what one slot can hold.
bool loadsZeroExtended(const llvm::APInt &C, unsigned Cpu);

/// Whether the constant operand \p C of \p Op is the sign-extended one: of sums
/// and products that are not known to stay below their type's limit. Adding
/// -1, not 255, to 8 bits keeps what the verifier knows of the register close
/// to the value.
bool addsSignExtended(const llvm::BinaryOperator &Op, const llvm::APInt &C);

/// A load that sign extends on its way (ISA level 4).
bool isSignedLoad(const llvm::LoadInst &Load, unsigned Cpu);

/// Whether \p Op is done by a 32-bit row.
bool isWordOperation(const llvm::BinaryOperator &Op, unsigned Cpu);

/// For each value narrower than a register, what select leaves above it.
class UpperBits {
public:
  UpperBits(const llvm::Function &F, const SelectOptions &Options);

  /// \p V's register, as select makes it, holds V zero extended to \p To bits.
  bool isZeroExtended(const llvm::Value *V, unsigned To) const;
  bool isSignExtended(const llvm::Value *V, unsigned To) const;

private:
  Upper of(const llvm::Value *V) const;
  Upper transfer(const llvm::Instruction &I) const;
  Upper ofBinary(const llvm::BinaryOperator &Op) const;
  Upper ofTrunc(const llvm::TruncInst &Trunc) const;
  Upper ofExtension(const llvm::CastInst &Cast) const;
  Upper ofFreeze(const llvm::FreezeInst &Freeze) const;
  Upper fromAttributes(unsigned Width, bool ZeroExt, bool SignExt) const;
  bool isNonNegative(const llvm::Value *V) const;

  unsigned Cpu;
  const llvm::DataLayout &DL;
  llvm::DenseMap<const llvm::Value *, Upper> Facts;
  mutable llvm::DenseMap<const llvm::Value *, bool> NonNegative;
};

} // namespace bpfcc

#endif
