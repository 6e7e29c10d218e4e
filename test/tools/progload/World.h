#ifndef BPFCC_TEST_TOOLS_PROGLOAD_WORLD_H
#define BPFCC_TEST_TOOLS_PROGLOAD_WORLD_H

#include "Packets.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

struct btf;

namespace bpfcc {

/// One run of a program on one packet.
struct TestRun {
  std::string Failure; ///< why it did not run; empty if it did
  uint32_t Return = 0;
  PacketBytes Packet; ///< from where the program saw it
};

/// What a program left behind, by what it stands in: `map NAME` has
/// `key=value` for each entry, sorted; `variable NAME` and `static NAME` have
/// the bytes; `events NAME` has the records in order. Bytes are hexadecimal.
using Contents = std::map<std::string, std::vector<std::string>>;

struct MapEntry {
  std::string Map;
  std::vector<uint8_t> Key, Value; ///< the value of one CPU
};

/// A program with fresh maps, on the kernel or on the interpreter.
class World {
public:
  virtual ~World() = default;
  /// What stands in the way of running; empty for nothing.
  virtual std::string failure() const = 0;
  virtual TestRun run(const PacketBytes &Packet) = 0;
  virtual Contents contents() = 0;
  /// Sets \p E; what a map refuses (too full, no such key) it goes without.
  virtual void set(const MapEntry &E) = 0;
};

std::string hex(const uint8_t *Bytes, size_t Size);

/// `KEY=VALUE`, where a per-CPU value is that of CPU 0, followed by those of
/// other CPUs that are not zero. Nothing for an empty slot of an array.
std::optional<std::string> entryText(uint32_t MapType,
                                     const std::vector<uint8_t> &Key,
                                     const uint8_t *Value, size_t ValueSize,
                                     size_t Cpus);
/// The variables of data section \p Section, whose bytes are \p Bytes.
void addVariables(const btf *Types, const std::string &Section,
                  const std::vector<uint8_t> &Bytes, Contents &To);
bool isPerCpu(uint32_t MapType);
/// Maps whose size the kernel or libbpf knows, or wants to be 0.
bool hasNoSize(uint32_t MapType);
/// Whether programs and user space both see plain keys and values.
bool isPlain(uint32_t MapType);

} // namespace bpfcc

#endif
