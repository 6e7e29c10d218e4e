#ifndef BPFCC_RUNTIME_INTERP_INTERP_H
#define BPFCC_RUNTIME_INTERP_INTERP_H

#include "runtime/helpers/Environment.h"
#include "runtime/load/Program.h"
#include "support/Diagnostic.h"

namespace bpfcc {

struct RunLimits {
  uint64_t MaxInsts = 1ull << 28; ///< executed in one run: some seconds
  unsigned MaxFrames = 8;
  unsigned MaxTailCalls = 33;
};

struct RunResult {
  uint64_t R0 = 0;
  uint64_t Insts = 0; ///< executed
};

/// The guest address that stands for subprogram \p Index, as LD_FUNC gives it
/// and Environment::CallBack takes it. No memory lies there.
constexpr uint64_t FuncBase = 0x5000000000000000;
inline uint64_t functionAddress(uint32_t Index) {
  return FuncBase + Index * 4096ull;
}

/// A program did what it may not: a RunError that also says, in parts, where in
/// its code that was.
class RunFault : public llvm::ErrorInfo<RunFault, DiagnosticError> {
public:
  static char ID;
  std::string Function;
  uint32_t Slot = 0; ///< of the instruction, in its function
  std::string Instruction;
  std::string What;

  using ErrorInfo::ErrorInfo;
};

/// The number of the subprogram that \p Guest stands for; ~0u for none.
inline uint32_t functionNumber(const Program &P, uint64_t Guest) {
  uint64_t Number = (Guest - FuncBase) / 4096;
  return Number < P.Subprogs.size() &&
                 functionAddress(uint32_t(Number)) == Guest
             ? uint32_t(Number)
             : ~0u;
}

class Machine;
struct Predecoded;

/// A program made ready to run in one environment, any number of times. Maps
/// must exist in \p Env before (see Instance.h); both must outlive it. Sets
/// Env.CallBack. \p Verified: accesses of memory are right and need no checks.
class Interpreter {
public:
  Interpreter(const Program &P, Environment &Env, bool Verified = false);
  ~Interpreter();

  /// Runs subprogram \p Entry with \p Args, at most 5, in r1 and so on by RFC
  /// 9669's semantics; programs of the kernel get their context alone. Every
  /// memory access, jump, call and helper argument is checked, and so is that
  /// a register has been written before it is read. Error: RunFault with the
  /// function, the instruction, its source line, and what was touched. Frees
  /// at the end what the program deleted from its maps.
  llvm::Expected<RunResult> run(uint32_t Entry, llvm::ArrayRef<uint64_t> Args,
                                const RunLimits &Limits = {});

private:
  std::unique_ptr<Predecoded> Code;
  std::unique_ptr<Machine> M;
};

/// One run of an Interpreter that is made for it alone.
llvm::Expected<RunResult> interpret(const Program &P, uint32_t Entry,
                                    uint64_t Ctx, Environment &Env,
                                    const RunLimits &Limits = {});

/// \p R0 of a run of \p Entry; or, if that is what bpf_throw() was given, what
/// its exception callback makes of it, which \p Call calls.
llvm::Expected<uint64_t> caught(
    llvm::Expected<uint64_t> R0, const Program &P, uint32_t Entry,
    llvm::function_ref<llvm::Expected<uint64_t>(uint64_t Func,
                                                llvm::ArrayRef<uint64_t> Args)>
        Call);

} // namespace bpfcc

#endif
