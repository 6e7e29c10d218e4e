#ifndef BPFCC_TEST_TOOLS_PROGLOAD_KERNELOBJECT_H
#define BPFCC_TEST_TOOLS_PROGLOAD_KERNELOBJECT_H

#include "Packets.h"

#include <bpf/libbpf.h>
#include <map>
#include <memory>
#include <string>

namespace bpfcc {

struct ProgramName {
  std::string Program, Section;
};

/// What became of one program: Ok, or why not.
struct Verdict {
  bool Ok = false;
  int Error = 0;      ///< errno
  std::string Reason; ///< last lines that libbpf or the verifier printed
};

struct TestRun {
  int Error = 0; ///< errno of BPF_PROG_TEST_RUN
  uint32_t Return = 0;
  PacketBytes Packet;
  bool operator==(const TestRun &) const = default;
};

/// One object file with one of its programs loaded, its maps fresh.
class KernelObject {
public:
  /// The programs of \p File; empty if libbpf cannot open it.
  static std::vector<ProgramName> programs(const std::string &File);

  KernelObject(const std::string &File, const std::string &Program);
  ~KernelObject() { bpf_object__close(Object); }
  KernelObject(const KernelObject &) = delete;
  KernelObject &operator=(const KernelObject &) = delete;

  const Verdict &verdict() const { return Result; }
  bpf_prog_type type() const { return Type; }
  bool takesPackets() const;
  TestRun run(const PacketBytes &Packet) const;

  /// Map name to its entries, sorted by key: `key=value` in hexadecimal.
  std::map<std::string, std::vector<std::string>> mapContents() const;

private:
  bpf_object *Object = nullptr;
  bpf_program *Chosen = nullptr;
  bpf_prog_type Type = BPF_PROG_TYPE_UNSPEC;
  Verdict Result;
};

} // namespace bpfcc

#endif
