#ifndef BPFCC_TEST_RUNTIME_JIT_ARM64_EMULATED_H
#define BPFCC_TEST_RUNTIME_JIT_ARM64_EMULATED_H

#include "runtime/interp/Machine.h"
#include "runtime/jit/Code.h"

namespace bpfcc::test {

struct Answer;

/// A program compiled for AArch64, to run under qemu.
class Emulated {
public:
  Emulated(const Program &P, Environment &Env);

  /// Runs subprogram \p Entry in a copy of the environment's memory that is
  /// copied back. What compiled code hands over goes on in this process.
  llvm::Expected<RunResult> run(uint32_t Entry, uint64_t Ctx,
                                const RunLimits &Limits);

private:
  llvm::Expected<uint64_t> exec(uint32_t Entry, uint64_t Ctx);
  void exchange(uint32_t Entry, uint64_t Ctx, Answer &A);

  Predecoded Code;
  Machine M;
  Environment &Env;
  std::vector<Flow> Flows;
  std::vector<uint8_t> Text;
  jit::Layout Places;
};

} // namespace bpfcc::test

#endif
