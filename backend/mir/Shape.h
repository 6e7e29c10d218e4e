#ifndef BPFCC_BACKEND_MIR_SHAPE_H
#define BPFCC_BACKEND_MIR_SHAPE_H

#include "backend/mir/Mir.h"

namespace bpfcc::mir {

/// The name of \p O as the text form writes it: the row of isa.def, or the
/// mnemonic of pseudo.def.
llvm::StringRef name(Opcode O);

/// True if \p O always ends a block; INLINE_ASM does when it has targets.
bool isTerminator(Opcode O);
inline bool isTerminator(const Inst &I) {
  return isTerminator(I.Op) || (I.Op == INLINE_ASM && !I.Targets.empty());
}

/// CALL_HELPER, CALL_SUBPROG, CALL_KFUNC or CALLX: loses r0 to r5.
bool isCall(Opcode O);
/// LD_ABS_* or LD_IND_*: ctx in r6, result in r0, r1 to r5 are lost.
bool isPacketLoad(Opcode O);
bool isAtomic(Opcode O);
inline bool isCmpXchg(Opcode O) { return O == CMPXCHG32 || O == CMPXCHG64; }
/// An atomic row that gives the old value.
bool isFetching(Opcode O);
/// A two-address row whose operands may change places.
bool isCommutative(Opcode O);
/// Whether the operands of \p I may trade places.
bool isCommutative(const Inst &I);

/// True if the encoding of \p I has one field for Defs[0] and Uses[0].
bool isTwoAddress(const Inst &I);

/// True if \p I computes the same value wherever it stands, from constants
/// alone.
bool isConstant(const Inst &I);

/// Which number operands the text form of \p O shows without their name.
struct Numbers {
  bool Off = false;
  bool Imm = false;
  bool ZeroImm = false; ///< shown even when 0
};
Numbers numbers(const Inst &I);

} // namespace bpfcc::mir

#endif
