// Programs of one function from a list of instructions.
#ifndef BPFCC_TEST_RUNTIME_INTERP_BUILD_H
#define BPFCC_TEST_RUNTIME_INTERP_BUILD_H

#include "backend/isa/Assembler.h"
#include "backend/isa/Encoding.h"
#include "runtime/hooks/Context.h"
#include "runtime/interp/Instance.h"
#include "runtime/interp/Interp.h"
#include "support/Diagnostic.h"

#if defined(BPFCC_TEST_REMOTE)
#include "../jit/remote/Remote.h"
#elif defined(BPFCC_TEST_JIT)
#include "runtime/jit/Jit.h"
#endif

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace bpfcc::test {

inline Subprog subprog(std::string Name, std::vector<isa::Inst> Insts) {
  Subprog S;
  S.Name = std::move(Name);
  S.Section = "xdp";
  S.IsProgram = true;
  uint32_t Slot = 0;
  for (const isa::Inst &I : Insts) {
    S.Slots.push_back(Slot);
    Slot += isa::slots(I.Opcode);
  }
  S.Insts = std::move(Insts);
  return S;
}

inline Program program(std::vector<isa::Inst> Insts, bool BigEndian = false) {
  Program P;
  P.BigEndian = BigEndian;
  P.Subprogs.push_back(subprog("main", std::move(Insts)));
  return P;
}

/// A world for \p P that has room where this binary's tests run.
inline llvm::Expected<std::unique_ptr<Instance>> instantiate(const Program &P) {
#if defined(BPFCC_TEST_REMOTE)
  return bpfcc::instantiate(P, NumCpus, remoteWindow());
#else
  return bpfcc::instantiate(P);
#endif
}

#if defined(BPFCC_TEST_JIT)
/// How this binary's tests compile.
inline JitOptions jitOptions() {
  JitOptions Options;
#if defined(BPFCC_TEST_LLVM)
  Options.Optimise = true;
#endif
  return Options;
}

inline llvm::Expected<std::unique_ptr<Jit>>
compile(const Program &P, Environment &Env,
        const JitOptions &Options = jitOptions()) {
#if defined(BPFCC_TEST_REMOTE)
  return compileRemotely(P, Env);
#else
  return Jit::compile(P, Env, Options);
#endif
}
#endif

/// Runs a subprogram on what this binary tests: the interpreter or, where the
/// same tests are built for it, compiled code.
inline llvm::Expected<RunResult> execute(const Program &P, uint32_t Entry,
                                         llvm::ArrayRef<uint64_t> Args,
                                         Environment &Env,
                                         const RunLimits &Limits = {}) {
#if defined(BPFCC_TEST_JIT)
  auto Compiled = test::compile(P, Env);
  if (!Compiled)
    return Compiled.takeError();
  return (*Compiled)->run(Entry, Args, Limits);
#else
  return Interpreter(P, Env).run(Entry, Args, Limits);
#endif
}

/// Runs subprogram 0 as XDP on \p Frame, which gets what it leaves.
inline llvm::Expected<RunResult> runXdp(const Program &P,
                                        std::vector<uint8_t> &Frame,
                                        const RunLimits &Limits = {}) {
  auto I = test::instantiate(P);
  if (!I)
    return I.takeError();
  Context C((*I)->Env, HookKind::Xdp, Frame);
  auto R = execute(P, 0, C.address(), (*I)->Env, Limits);
  Frame = C.packet().vec();
  return R;
}

} // namespace bpfcc::test

#endif
