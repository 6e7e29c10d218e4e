#ifndef BPFCC_RUNTIME_INTERP_PREDECODE_H
#define BPFCC_RUNTIME_INTERP_PREDECODE_H

#include "backend/isa/Sem.h"
#include "runtime/helpers/Environment.h"
#include "runtime/interp/Flow.h"
#include "runtime/interp/Interp.h"

namespace bpfcc {

using isa::Sem;

/// Helper bpf_tail_call, which is not called but jumps.
constexpr int64_t TailCallHelper = 12;

/// Why an instruction can never be executed.
enum class Trap : uint8_t {
  None,
  EndOfCode,
  BadJump,
  WritesFramePointer,
  BadOperand,
  NoArena,
};

/// An instruction as the dispatch loop wants it: addresses resolved, the jump
/// target an index, and the registers that it needs as a mask.
struct PreInst {
  isa::Op Opcode{};
  uint8_t Dst = 0;
  uint8_t Src = 0; ///< of calls of helpers: how many arguments they take
  int16_t Off = 0;
  /// Registers that must have been written before; bit TrapBit is never set
  /// in a frame's mask, so that a trap needs no check of its own.
  uint16_t Reads = 0;
  uint16_t Writes = 0;
  Trap Why = Trap::None;
  Sem What{};
  uint32_t Target = 0; ///< of jumps: index of the instruction
  int64_t Imm = 0;
};

constexpr uint16_t TrapBit = 1 << 15;

struct Predecoded {
  const Program &P;
  Environment &Env;
  /// One list for each subprogram; each ends with an EndOfCode trap.
  std::vector<std::vector<PreInst>> Funcs;
  bool HasCalls = false; ///< of subprograms, or names some to call back
  /// Of each subprogram, if all are proven and the fast loop may run them.
  std::vector<Flow> Flows;

  Predecoded(const Program &P, Environment &Env) : P(P), Env(Env) {}
};

/// Fills \p Code.Funcs. What is wrong becomes a trap: it is an error only if
/// it is reached.
void predecode(Predecoded &Code);

/// The number of the arena that casts of addresses mean: an object's programs
/// share one. ~0u if there is none.
uint32_t arenaNumber(const Environment &Env);

/// The subprogram that a helper calls back by the guest address \p Func.
llvm::Expected<uint32_t> callbackAt(const Predecoded &Code, uint64_t Func);

/// The error for instruction \p Inst of subprogram \p Func: \p What, then the
/// instruction's text, at its source line.
llvm::Error faultAt(const Program &P, uint32_t Func, uint32_t Inst,
                    const llvm::Twine &What);

/// What is wrong with an instruction whose Reads are not all in \p Init.
std::string describeTrap(const PreInst &I, uint16_t Init);

} // namespace bpfcc

#endif
