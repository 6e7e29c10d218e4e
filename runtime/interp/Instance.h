#ifndef BPFCC_RUNTIME_INTERP_INSTANCE_H
#define BPFCC_RUNTIME_INTERP_INSTANCE_H

#include "runtime/helpers/Environment.h"
#include "runtime/load/Program.h"

namespace bpfcc {

/// A program's world: its memory, its maps with their first values, and the
/// environment that runs share. Does not move.
struct Instance {
  explicit Instance(bool BigEndian, uint64_t MemorySize = Memory::DefaultSize)
      : Mem(BigEndian, MemorySize), Env{Mem, Maps} {}
  Instance(const Instance &) = delete;
  Instance &operator=(const Instance &) = delete;

  Memory Mem;
  std::vector<std::unique_ptr<Map>> Maps;
  Environment Env;
};

/// Makes the maps of \p P with the corrections that libbpf makes (perf event
/// arrays get one entry for each CPU, ring buffers a power of two of pages),
/// writes data sections with the addresses that they hold, and fills prog
/// arrays. Error: BadMap, or RunError for an initial value that its map
/// refuses, or NoMemory where the process has no room for a program's. \p
/// Cpus: how many processors the machine has. \p MemorySize: as Memory takes
/// it.
llvm::Expected<std::unique_ptr<Instance>>
instantiate(const Program &P, unsigned Cpus = NumCpus,
            uint64_t MemorySize = Memory::DefaultSize);

/// The number of the map \p Name; ~0u for none.
uint32_t findMap(const Program &P, llvm::StringRef Name);
/// The same; for none, RunError with the names that there are.
llvm::Expected<uint32_t> requireMap(const Program &P, llvm::StringRef Name);
/// The names of programs, for messages: `a`, `b`.
std::string programNames(const Program &P);
/// The number of the subprogram \p Name; ~0u for none.
uint32_t findSubprog(const Program &P, llvm::StringRef Name);

} // namespace bpfcc

#endif
