#ifndef BPFCC_RUNTIME_HOOKS_PROBE_H
#define BPFCC_RUNTIME_HOOKS_PROBE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>

namespace bpfcc {

/// Where in a process that is traced a program runs, and what r1 points to.
struct Probe {
  enum Place : uint8_t { Enter, Exit, FunctionStart, Return };
  enum Layout : uint8_t {
    /// {u64 common; s64 id; u64 args[6]} or {u64 common; s64 id; s64 ret}: what
    /// the tracepoints raw_syscalls/* and syscalls/* have at the same offsets.
    Record,
    /// {struct pt_regs *regs; s64 id} or {struct pt_regs *regs; s64 ret}.
    RawArguments,
    /// struct pt_regs.
    Registers,
  };
  Place At;
  Layout Ctx;
  std::optional<uint64_t> Syscall{}; ///< its number; none: all of them
  std::string Path{};                ///< the file that holds the function
  std::string Function{};
  uint64_t Offset = 0; ///< in the function, of an instruction

  bool isOfFunction() const { return At == FunctionStart || At == Return; }
};

/// What the section name \p Section says: `tp/syscalls/sys_enter_openat`,
/// `raw_tp/sys_exit`, `uprobe/PATH:FUNCTION+OFFSET`. Error: RunError for system
/// calls that this machine does not have and for programs that a traced process
/// has no events for.
llvm::Expected<Probe> probeForSection(llvm::StringRef Section);

} // namespace bpfcc

#endif
