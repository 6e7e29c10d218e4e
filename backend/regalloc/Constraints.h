#ifndef BPFCC_BACKEND_REGALLOC_CONSTRAINTS_H
#define BPFCC_BACKEND_REGALLOC_CONSTRAINTS_H

#include "backend/mir/Mir.h"

#include <bit>

namespace bpfcc::regalloc {

/// Bit n stands for rn.
using RegSet = uint16_t;
constexpr unsigned NumAllocatable = 10; // r0 to r9
constexpr RegSet Allocatable = 0x3ff;
constexpr RegSet CallerSaved = 0x3f;                       // r0 to r5
constexpr RegSet CalleeSaved = Allocatable & ~CallerSaved; // r6 to r9
inline RegSet bit(mir::Reg R) { return static_cast<RegSet>(1u << R); }
inline unsigned count(RegSet S) {
  return static_cast<unsigned>(std::popcount(S));
}

/// What the machine asks of the registers of one instruction.
struct Constraints {
  struct Use {
    mir::Reg Fixed = mir::NoReg; ///< the register that it must stand in
    int32_t TiedTo = mir::None;  ///< the def that must share its register
  };
  struct Def {
    mir::Reg Fixed = mir::NoReg;
    bool Early = false; ///< written before the operands are read
  };
  llvm::SmallVector<Use, 4> Uses; ///< as Inst::Uses; empty: any register does
  llvm::SmallVector<Def, 2> Defs; ///< as Inst::Defs
  RegSet Clobbers = 0;            ///< lost; no operand of assembly is there
  bool Any = false;               ///< false: no field above matters

  RegSet fixedUses() const;
  RegSet fixedDefs() const;
};

Constraints constraints(const mir::Function &F, const mir::Inst &I);

/// The register prescribed by \p C in which the operand value \p V of \p I is
/// while \p I reads it, or NoReg if it needs one of its own. \p LivesOn: it is
/// needed after \p I as well.
mir::Reg sharedPlace(const mir::Inst &I, const Constraints &C, mir::Reg V,
                     bool LivesOn);

/// True if Defs[0] must not share the register of Uses[1]: a two-address row
/// that is not commutative.
bool keepsSecondOperand(const mir::Inst &I);

/// True if the value of \p I may be computed again anywhere: constants and
/// addresses.
bool isRematerialisable(const mir::Inst &I);
/// The slots that computing \p I again takes.
unsigned rematCost(const mir::Inst &I);

} // namespace bpfcc::regalloc

#endif
