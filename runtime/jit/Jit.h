#ifndef BPFCC_RUNTIME_JIT_JIT_H
#define BPFCC_RUNTIME_JIT_JIT_H

#include "runtime/interp/Interp.h"

#include <functional>

namespace bpfcc {

namespace jit {
struct Placed;
}

struct JitOptions {
  /// LLVM makes the code: it takes milliseconds, not microseconds, and the
  /// code is faster.
  bool Optimise = false;
  /// LLVM makes the code in a thread of its own, once the program has run for
  /// some time; runs that start when it is ready use it.
  bool OptimiseLater = false;
  /// The program was verified: its accesses need no checks. Loops are counted
  /// all the same.
  bool Verified = false;
  /// Asked once, before LLVM makes code in its thread: whether Verified holds.
  std::function<bool()> Proof{};
  /// Use only what every machine of this kind has.
  bool Baseline = false;
};

/// A program translated to instructions of this machine, to be run any number
/// of times. Gives what the Interpreter gives, faults and the number of
/// instructions included: where compiled code finds that something is wrong,
/// the interpreter goes on at that instruction and says what. It also runs the
/// functions whose reads of registers cannot be proven to follow a write.
class Jit {
public:
  /// Translates all subprograms of \p P. Maps must exist in \p Env before;
  /// both must outlive the result. Error: RunError if this machine is neither
  /// x86-64 nor AArch64, or gives no memory to execute; LLVM's own.
  static llvm::Expected<std::unique_ptr<Jit>>
  compile(const Program &P, Environment &Env, const JitOptions &Options = {});
  ~Jit();

  /// The same with code that was made before, from \p P: see runtime/aot.
  static std::unique_ptr<Jit> adopt(const Program &P, Environment &Env,
                                    jit::Placed Code);

  /// Whether compile() knows this machine.
  static bool isSupported();

  /// As Interpreter::run.
  llvm::Expected<RunResult> run(uint32_t Entry, llvm::ArrayRef<uint64_t> Args,
                                const RunLimits &Limits = {});

  /// Bytes of machine code; 0 for code that was made before.
  uint64_t codeSize() const;
  /// Whether subprogram \p Func was translated and not left to the
  /// interpreter.
  bool isTranslated(uint32_t Func) const;

  struct Impl;

private:
  explicit Jit(std::unique_ptr<Impl> I);
  std::unique_ptr<Impl> I;
};

} // namespace bpfcc

#endif
