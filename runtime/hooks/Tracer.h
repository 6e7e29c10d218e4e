#ifndef BPFCC_RUNTIME_HOOKS_TRACER_H
#define BPFCC_RUNTIME_HOOKS_TRACER_H

#include "runtime/helpers/Environment.h"
#include "runtime/hooks/Breakpoints.h"
#include "runtime/hooks/EventSource.h"
#include "runtime/hooks/Probe.h"

#include <deque>
#include <set>
#include <sys/user.h>

namespace bpfcc {

#if defined(__x86_64__)
/// Begins with the fields of struct pt_regs, in its order.
using HostRegisters = user_regs_struct;
constexpr size_t RegistersSize = 21 * 8;
#elif defined(__aarch64__)
using HostRegisters = user_regs_struct;
constexpr size_t RegistersSize = sizeof(HostRegisters);
#else
#error "which registers does this machine have?"
#endif

#ifdef __x86_64__
inline uint64_t programCounter(const HostRegisters &R) { return R.rip; }
inline uint64_t stackPointer(const HostRegisters &R) { return R.rsp; }
#else
inline uint64_t programCounter(const HostRegisters &R) { return R.pc; }
inline uint64_t stackPointer(const HostRegisters &R) { return R.sp; }
#endif

/// Those of a thread that is stopped; false if it was killed.
bool readRegisters(pid_t Thread, HostRegisters &Registers);

/// Traces one command: Command.cpp follows its threads, TracedCalls.cpp runs
/// programs on what they come to.
class Tracer {
public:
  Tracer(Environment &Env, llvm::ArrayRef<Probe> Probes,
         EventSource::Handler Handle)
      : Env(Env), Probes(Probes), Handle(Handle),
        HasFunctions(llvm::any_of(
            Probes, [](const Probe &P) { return P.isOfFunction(); })) {}
  ~Tracer() { release(); }

  llvm::Error start(llvm::ArrayRef<std::string> Words);
  /// Until all have ended or a signal came.
  llvm::Error follow();
  int status() const { return Status; }

private:
  std::pair<pid_t, int> next();
  llvm::Error stopped(pid_t Thread, int How);
  void ended(pid_t Thread, int How);
  void noteChild(pid_t Thread, int How);
  void begin(pid_t Thread, std::shared_ptr<Breakpoints> Space);
  llvm::Error systemCall(pid_t Thread);
  llvm::Error replaced(pid_t Thread);
  llvm::Error breakpoint(pid_t Thread, uint64_t Address,
                         HostRegisters &Registers);
  llvm::Error runOnRegisters(unsigned Prog, pid_t Thread,
                             const HostRegisters &Registers);
  int stepOver(pid_t Thread, uint64_t Address);
  void stopOthers(pid_t Thread);
  void letGo(pid_t Thread, int How);
  llvm::Error runProbe(unsigned Prog, pid_t Thread,
                       llvm::ArrayRef<uint64_t> Words);
  llvm::Error onRegisters(unsigned Prog, pid_t Thread, uint64_t Second);
  void describe(pid_t Thread);
  void release();

  Environment &Env;
  llvm::ArrayRef<Probe> Probes;
  EventSource::Handler Handle;
  struct Call { ///< of a function whose end is probed
    uint64_t Return, Stack;
    llvm::SmallVector<unsigned, 2> Probes;
  };
  std::set<pid_t> Threads;
  std::map<pid_t, std::shared_ptr<Breakpoints>> Spaces;
  std::map<pid_t, std::vector<Call>> Calls;
  std::set<pid_t> MapCode; ///< that are in an mmap of code: a library
  std::set<pid_t> Early;   ///< stopped before their parents reported them
  std::set<pid_t> Vforks;  ///< that wait in the kernel for a child
  std::deque<std::pair<pid_t, int>> Pending; ///< stops that wait their turn
  bool HasFunctions = false;
  /// The system call that a thread is in: its exit does not tell.
  std::map<pid_t, uint64_t> Inside;
  pid_t Leader = 0;
  int Status = 0;
};

} // namespace bpfcc

#endif
