#ifndef BPFCC_RUNTIME_JIT_CODE_H
#define BPFCC_RUNTIME_JIT_CODE_H

#include "runtime/interp/Flow.h"
#include "runtime/jit/State.h"

namespace bpfcc::jit {

using Block = Flow::Block;

/// What code is made from.
struct Unit {
  const Predecoded &Code;
  llvm::ArrayRef<Flow> Flows;
  bool Verified = false;
  bool BigEndian = false;
  /// The machine has shifts by any register (x86: BMI2).
  bool FreeShifts = false;
  /// The code runs in this process, with the maps of Code.Env.
  bool InPlace = false;
  /// How far before guest address 0 the State lies.
  uint64_t StateDistance = Memory::workspaceDistance(0);
  /// Pointers of the machine have 32 bits.
  bool NarrowPointers = false;

  bool isTranslated(uint32_t Func) const { return Flows[Func].Proven; }
};

/// A call of a subprogram. The frames of code that runs name it by its number,
/// so that a call need not write what is only read when something goes wrong.
struct CallSite {
  uint32_t Callee;
  uint32_t Inst;  ///< of the call
  uint16_t Must;  ///< registers that are written there
  uint16_t Saves; ///< which of r6 to r9 Frame::Saved holds
};
/// Frame::Func holds the number of a CallSite.
constexpr uint32_t IsCallSite = 1u << 31;

/// Offsets in the code of a unit.
struct Layout {
  size_t Enter = 0;           ///< uint64_t (State *, code of a function)
  std::vector<size_t> Funcs;  ///< where a call enters; of translated ones
  std::vector<size_t> Bodies; ///< where a tail call does
  size_t Size = 0;
  std::vector<CallSite> Sites;
};

/// More bytes than the code of \p U can have.
size_t roomFor(const Unit &U);

/// Writes the code of \p U to \p Room. It needs no address of this process
/// but for U.InPlace.
/// The second translates no function that is larger than its conditional jumps
/// reach; such a function must not be Proven.
constexpr size_t MaxArm64Insts = 1 << 13;
Layout emitX86(const Unit &U, llvm::MutableArrayRef<uint8_t> Room);
Layout emitArm64(const Unit &U, llvm::MutableArrayRef<uint8_t> Room);

} // namespace bpfcc::jit

#endif
