#ifndef BPFCC_TEST_RUNTIME_JIT_REMOTE_REMOTE_H
#define BPFCC_TEST_RUNTIME_JIT_REMOTE_REMOTE_H

#include "runtime/jit/Jit.h"

namespace bpfcc::test {

/// The size of guest memory that the machine has room for.
uint64_t remoteWindow();

/// Compiles \p P for the machine that this binary tests, by what it tests:
/// templates, or LLVM ahead of time. The code runs there, in an emulator, in a
/// copy of \p Env's memory that is brought up to date at both ends of a run and
/// of each call of a helper, which runs in this process.
llvm::Expected<std::unique_ptr<Jit>> compileRemotely(const Program &P,
                                                     Environment &Env);

} // namespace bpfcc::test

#endif
