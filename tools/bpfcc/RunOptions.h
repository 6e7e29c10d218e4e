#ifndef BPFCC_TOOLS_BPFCC_RUNOPTIONS_H
#define BPFCC_TOOLS_BPFCC_RUNOPTIONS_H

#include "runtime/jit/Engine.h"
#include "tools/bpfcc/Commands.h"

#include "llvm/Support/Error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bpfcc::tools {

/// What `bpfcc run` was asked for.
struct RunOptions {
  std::string File;
  std::string Prog; ///< empty: the only one
  std::string Pcap;
  std::optional<std::vector<uint8_t>> Data; ///< one packet
  std::optional<std::vector<uint8_t>> Ctx;
  bool CtxIsJson = false; ///< Ctx is text that says what the context is
  std::vector<std::string> Command; ///< to trace, with its arguments
  struct MapUpdate {
    std::string Map;
    std::vector<uint8_t> Key, Value;
  };
  std::vector<MapUpdate> MapUpdates;
  struct TailEntry {
    std::string Map;
    uint32_t Index;
    std::string Prog;
  };
  std::vector<TailEntry> Tails;
  std::map<std::string, std::string> Kconfig;
  uint64_t Repeat = 1;
  uint64_t MaxInsts = RunLimits().MaxInsts; ///< of one run
  uint64_t Seed = 0;
  uint64_t Time = 0; ///< nanoseconds since boot at the start
  bool HostClock = false;
  uint64_t Linger = 0; ///< nanoseconds behind the last run
  uint32_t Cpus = 0;   ///< 0: NumCpus
  std::optional<uint32_t> Cpu;
  uint32_t Ifindex = 1;
  EngineKind Jit = EngineKind::Best;
  bool NoMaps = false;
  bool Rate = false;
  bool AllEntries = false;
  bool Events = false;
  /// Maps, or "" for all, and the types of what they send.
  std::vector<std::pair<std::string, std::string>> EventTypes;
  bool AsTestRun = false;
  bool Json = false;
  bool Help = false;
  bool Kernel = false;
  std::string EmitNative; ///< file to write native code to, and to run nothing
  std::string Target;     ///< of EmitNative; empty: this machine
  std::string Iface;      ///< where packets come from, or --kernel attaches
  std::string Cgroup;     ///< --kernel: folder of a cgroup
  double Duration = 0;    ///< seconds; 0: until a signal
  uint64_t Count = 0;     ///< packets of Iface; 0: until a signal
};

/// Error: BadOption for the command line, CannotOpen for an @FILE.
llvm::Expected<RunOptions> parseRunOptions(Arguments Args);

/// The bytes that \p Text gives as `0a:0b 0c`, `0x0a0b0c` or `0a0b0c`. Error:
/// BadOption, of \p Option.
llvm::Expected<std::vector<uint8_t>> parseHex(llvm::StringRef Text,
                                              llvm::StringRef Option);

/// What `bpfcc run --help` prints.
const char *runUsage();

} // namespace bpfcc::tools

#endif
