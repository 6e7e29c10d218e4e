#ifndef BPFCC_RUNTIME_API_HANDLES_H
#define BPFCC_RUNTIME_API_HANDLES_H

// What the handles of include/bpfcc/runtime.h point to, and how errors get out.

#include "bpfcc/runtime.h"
#include "runtime/hooks/Context.h"
#include "runtime/interp/Worker.h"
#include "runtime/jit/Engine.h"

#include <cstring>
#include <memory>

struct bpfcc_object {
  std::shared_ptr<const bpfcc::Program> Prog; ///< instances hold it too
  std::vector<uint32_t> Programs;             ///< numbers of subprograms
};

struct bpfcc_program {
  bpfcc_instance *Of;
  uint32_t Number; ///< of the subprogram
  bpfcc::HookInfo Hook;
};

struct bpfcc_map {
  bpfcc_instance *Of;
  uint32_t Number;
};

struct bpfcc_instance {
  /// Prints whole lines to a function of the host.
  class Lines : public llvm::raw_ostream {
  public:
    bpfcc_trace_function Print = nullptr;
    void *User = nullptr;

    Lines() : raw_ostream(/*unbuffered=*/true) {}

  private:
    void write_impl(const char *Text, size_t Size) override;
    uint64_t current_pos() const override { return Position; }

    std::string Line;
    uint64_t Position = 0;
  };

  /// What a host said, for those that bpfcc_instance_share makes.
  struct Settings {
    bpfcc_options Plain{}; ///< its helpers are Helpers
    std::vector<bpfcc_host_helper> Helpers;
    std::vector<std::string> Names; ///< of Helpers, in order
  };

  std::shared_ptr<const bpfcc::Program> Prog;
  std::shared_ptr<const Settings> Given;
  Lines Trace;
  std::shared_ptr<bpfcc::Instance> World;
  std::unique_ptr<bpfcc::Worker> Thread; ///< null in the first of a world
  std::optional<bpfcc::Engine> Exec;
  std::vector<bpfcc_program> Programs; ///< do not move
  std::vector<bpfcc_map> Maps;         ///< by number; do not move
  bpfcc::RunLimits Limits;
  uint32_t Ifindex = 1;
  bpfcc_record_function Record = nullptr;
  void *RecordUser = nullptr;
  bool Running = false;
  /// The context of the last run, which its result points into.
  std::unique_ptr<bpfcc::Context> Ctx;
  const bpfcc_program *CtxOf = nullptr; ///< whose packets it can take; or null

  bpfcc::Environment &env() { return Thread ? Thread->Env : World->Env; }
};

namespace bpfcc::api {

/// What \p Def says, of a map of an object.
bpfcc_map_info describe(const MapDef &Def);

/// The entry of Environment::HostHelpers for \p H.
HostHelper hostHelper(const bpfcc_host_helper &H, bpfcc_instance &I);

/// Gives the host what programs have sent since.
void deliverRecords(bpfcc_instance &I);

/// Puts \p E into *To, where To is not null. Gives \p Errno, a negative value.
int fail(bpfcc_error **To, int Errno, llvm::Error E);
/// The same with a message of its own.
int fail(bpfcc_error **To, int Errno, const llvm::Twine &Message);

/// A caller's structure in the form of this version: what an older one lacks is
/// 0. Nothing if it has no size that some version had.
template <class T> std::optional<T> known(const T *Given) {
  T Known{};
  if (!Given)
    return Known;
  if (Given->size < sizeof(size_t))
    return std::nullopt;
  memcpy(&Known, Given, std::min(Given->size, sizeof(T)));
  return Known;
}

/// Fills the caller's structure \p To with what it has room for.
template <class T> void give(T *To, T Value) {
  Value.size = To->size;
  memcpy(To, &Value, std::min(To->size, sizeof(T)));
}

} // namespace bpfcc::api

#endif
