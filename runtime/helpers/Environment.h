#ifndef BPFCC_RUNTIME_HELPERS_ENVIRONMENT_H
#define BPFCC_RUNTIME_HELPERS_ENVIRONMENT_H

#include "backend/target/CtxFields.h"
#include "runtime/helpers/Timers.h"
#include "runtime/maps/Map.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>

namespace bpfcc {

/// The packet that a program runs on, with room to grow at both ends. Its
/// bytes stand in guest memory; what moves the ends also updates the context.
struct Packet {
  /// Headroom, data, tailroom: the host bytes of the region at Guest.
  llvm::MutableArrayRef<uint8_t> Buffer;
  uint32_t Start = 0; ///< of the data, in Buffer
  uint32_t End = 0;
  uint32_t Meta = 0;  ///< start of the metadata, <= Start
  uint64_t Guest = 0; ///< address of Buffer[0]
  uint64_t Ctx = 0;   ///< address of the xdp_md or __sk_buff
  bool IsXdp = false;
  bool ReadOnly = false; ///< programs of this kind may not write to it
  bool Moved = false;    ///< an end was changed, or the buffer
  /// How many checksums beside the first the device found right; nothing if it
  /// looked at none.
  std::optional<unsigned> GoodChecksums{};
  uint32_t Redirect = ~0u;    ///< interface or map slot that redirect chose
  uint32_t RedirectMap = ~0u; ///< number of the slot's map
  /// What bpf_clone_redirect sent: an interface and the packet as it was then.
  std::vector<std::pair<uint32_t, std::vector<uint8_t>>> Clones{};
};

struct Environment;

/// A helper that the program around the runtime gives to BPF programs.
struct HostHelper {
  /// `call Number`, or a call of the extern function Name.
  std::optional<uint32_t> Number;
  std::string Name;
  unsigned NumArgs = 5; ///< registers from r1 on that it takes
  /// Gives r0; an error, which says the name, ends the run. Registers that were
  /// not written are 0.
  std::function<llvm::Expected<uint64_t>(Environment &Env,
                                         llvm::ArrayRef<uint64_t> Args)>
      Run;
};

/// What programs that run in several threads share beside memory and maps.
struct SharedState {
  std::mutex Lock; ///< of Objects
  /// References to each object of bpf_obj_new, by its guest address.
  std::map<uint64_t, uint32_t> Objects;
  std::atomic<uint64_t> NumEvents{0}; ///< that were kept
  TimerTable Timers;
};

/// What a program sees of the world, and all that a helper may touch. One for
/// each run of a program; nothing in it is global, so that runs can be
/// repeated exactly. Of several threads that run programs each has its own.
struct Environment {
  Memory &Mem;
  /// Maps by number; the guest address of map n is mapAddress(n).
  std::vector<std::unique_ptr<Map>> &Maps;
  unsigned Worker = 0; ///< number of the workspace that runs use
  std::shared_ptr<SharedState> Shared = std::make_shared<SharedState>();
  Packet *Pkt = nullptr;
  unsigned Cpu = 0;
  unsigned Cpus = NumCpus;      ///< what the maps were made for
  uint64_t BootNanoseconds = 0; ///< bpf_ktime_get_ns; moves on by each call
  bool HostClock = false;       ///< the host's clocks instead
  uint64_t EventTime = 0; ///< of the event that is next; the clock follows
  std::mt19937_64 Random{};
  int32_t ReturnValue = 0; ///< of bpf_get_retval
  uint64_t PidTgid = 0;
  uint64_t UidGid = 0;
  std::string Comm = "bpfcc";
  /// Reads the memory of the process that is traced from an address on; gives
  /// how many bytes could be read. Empty: there is no such process, and the
  /// memory of user space is that of the program.
  std::function<size_t(uint64_t From, llvm::MutableArrayRef<uint8_t> To)>
      ReadUser{};
  llvm::raw_ostream *Trace = nullptr; ///< where bpf_trace_printk prints
  /// Helpers of the host, which take the place of the kernel's. None may come
  /// or go once a program was made ready to run.
  std::vector<HostHelper> HostHelpers{};
  /// Runs the subprogram at guest address \p Func with up to 5 arguments:
  /// callbacks of bpf_loop, bpf_for_each_map_elem, timers. Set while a program
  /// runs.
  llvm::function_ref<llvm::Expected<uint64_t>(uint64_t Func,
                                              llvm::ArrayRef<uint64_t> Args)>
      CallBack{};

  /// The size of a type of the program's BTF; 0 if there is none.
  std::function<uint64_t(uint32_t Type)> TypeSize{};
  uint64_t HeldLock = 0; ///< address of the spin lock that the program holds
  uint64_t RunningTimer = 0; ///< address of the timer whose callback runs

  /// What ring buffers and perf buffers got, in order, and how many of each
  /// map.
  struct Event {
    uint32_t Map;
    std::vector<uint8_t> Bytes;
    uint64_t Order = 0; ///< among those of all threads
  };
  std::vector<Event> Events{};
  std::map<uint32_t, uint64_t> NumEvents{};
  bool KeepEvents = true; ///< false: only count them
  /// If set, gets events at once, instead of Events.
  std::function<void(Event)> OnEvent{};

  void record(uint32_t MapNumber, std::vector<uint8_t> Bytes) {
    ++NumEvents[MapNumber];
    if (!KeepEvents)
      return;
    Event E{MapNumber, std::move(Bytes), Shared->NumEvents++};
    if (OnEvent)
      OnEvent(std::move(E));
    else
      Events.push_back(std::move(E));
  }

  /// The context, where a program may not touch all of it. Size 0: the rules
  /// of its memory region are all there is.
  struct CtxRules {
    uint64_t Base = 0;
    target::CtxAccess May{};
  };
  CtxRules Ctx{};
  /// Where the link and the network header start, from the packet's data on:
  /// what the negative offsets of LD_ABS mean.
  int32_t LinkOffset = 0;
  int32_t NetworkOffset = 0;
};

/// Gives the spin lock back that a program still holds at its end, which is an
/// error in \p R0 if that is none yet.
void dropLock(Environment &Env, llvm::Expected<uint64_t> &R0);

/// To be called before and after each run of a program, with what it gave.
inline void beginRun(Environment &Env) { Env.Mem.grace().enter(Env.Worker); }
inline void endRun(Environment &Env, llvm::Expected<uint64_t> &R0) {
  if (Env.HeldLock)
    dropLock(Env, R0);
  Env.Mem.grace().leave(Env.Worker);
}

/// The number of the map that \p Guest stands for; ~0u for no map.
uint32_t mapNumber(const Environment &Env, uint64_t Guest);

/// Helper n of Environment::HostHelpers has number FirstHostHelper + n. No
/// instruction holds such a number: predecoding gives it.
constexpr uint32_t FirstHostHelper = 1 << 20;

/// Runs helper \p Id (an id of backend/target/helpers.def, or one of the
/// host's) on \p Args. Gives r0. Every pointer is checked; a bad one is an
/// error (RunError) that names the helper, the argument and what lies there, as
/// is a helper that has no meaning in user space. bpf_tail_call (12) is the
/// interpreter's.
llvm::Expected<uint64_t> callHelper(Environment &Env, uint32_t Id,
                                    llvm::ArrayRef<uint64_t> Args);

} // namespace bpfcc

#endif
