#ifndef BPFCC_TEST_TOOLS_PROGLOAD_KERNELOBJECT_H
#define BPFCC_TEST_TOOLS_PROGLOAD_KERNELOBJECT_H

#include "World.h"

#include <bpf/libbpf.h>
#include <memory>

namespace bpfcc {

struct ProgramName {
  std::string Program, Section;
};

/// What became of one program: Ok, or why not.
struct Verdict {
  bool Ok = false;
  int Error = 0;      ///< errno
  std::string Reason; ///< the last line that libbpf or the verifier printed
  std::string Log;    ///< all that the verifier printed
};

/// A map of a loaded object.
struct KernelMap {
  std::string Name; ///< `.bss` for what libbpf makes of a data section
  int Fd;
  bpf_map_type Type;
  uint32_t KeySize, ValueSize;
};

/// One object file with one of its programs loaded and, where it has a program
/// array, what can be called from there.
class KernelObject : public World {
public:
  /// The programs of \p File; empty if libbpf cannot open it.
  static std::vector<ProgramName> programs(const std::string &File);

  KernelObject(const std::string &File, const std::string &Program);
  ~KernelObject() override;
  KernelObject(const KernelObject &) = delete;
  KernelObject &operator=(const KernelObject &) = delete;

  const Verdict &verdict() const { return Result; }
  bpf_prog_type type() const { return Type; }
  /// Whether BPF_PROG_TEST_RUN gives programs of this type packets.
  bool takesPackets() const;
  /// The object's types; libbpf has filled in where variables stand, which
  /// clang leaves open.
  const btf *types() const {
    return Object ? bpf_object__btf(Object) : nullptr;
  }
  /// The slots of program arrays that were filled: array, index, program.
  struct Slot {
    std::string Map;
    uint32_t Index;
    std::string Program;
  };
  const std::vector<Slot> &slots() const { return Slots; }

  std::string failure() const override { return Result.Reason; }
  TestRun run(const PacketBytes &Packet) override;
  Contents contents() override;
  void set(const MapEntry &E) override;

private:
  struct Reader;

  bool open(const std::string &File, const std::string &Name);
  void load(bool WithTailCalls);
  void judge(int Error, std::string Log);
  void close();
  void loadLegacy(const std::string &File, const std::string &Name);
  void fillProgArrays();
  void openEvents();
  void addEntries(const KernelMap &M, Contents &To) const;

  bpf_object *Object = nullptr;
  bpf_program *Chosen = nullptr;
  int ProgFd = -1; ///< of Chosen, or our own
  std::vector<KernelMap> Maps;
  bpf_prog_type Type = BPF_PROG_TYPE_UNSPEC;
  Verdict Result;
  std::vector<Slot> Slots;
  std::vector<std::unique_ptr<Reader>> Readers;
  PacketBytes Out;
};

} // namespace bpfcc

#endif
