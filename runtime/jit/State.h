#ifndef BPFCC_RUNTIME_JIT_STATE_H
#define BPFCC_RUNTIME_JIT_STATE_H

#include "runtime/interp/Machine.h"

namespace bpfcc::jit {

/// How compiled code came back.
enum Status : uint32_t {
  Returned, ///< r0 is the result
  Handover, ///< the interpreter has to go on at State::Inst
  Failed,   ///< a helper's error waits
};

struct State;
/// A result in two registers: what r0 gets, and whether to go on (0).
struct Answer {
  uint64_t Value;
  uint64_t Leave;
};
/// The guest addresses of an array's elements, 0 for one that the helper is to
/// be asked for; null if the map has no such table.
struct Elements {
  alignas(8) const uint64_t *Addresses;
};
/// An array whose table can be read while code runs: see
/// Map::elementAddresses().
struct KnownArray {
  const uint64_t *Addresses = nullptr; ///< null if there is none
  uint32_t Size = 0;                   ///< elements
  uint32_t Cpus = 0;                   ///< of a per-CPU array; else 0
};
KnownArray knownArray(const Map &M);

using Service = Answer (*)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                           State *);

/// What compiled code keeps in memory, in a workspace before guest address 0.
/// Code finds it at a fixed distance from the register that holds that
/// address, so it needs no addresses of its own and can run elsewhere. Each
/// pointer, and what follows it, starts at a multiple of 8: the layout is that
/// of machines of 32 bits too, and include/bpfcc/native.h shows it to C.
struct State {
  RunState Run;
  uint64_t R[isa::NumRegs]; ///< registers, on the way in and out
  uint64_t SavedStack;      ///< the machine's stack pointer to go back to
  alignas(8) const uint8_t *Rights;
  uint64_t GuestEnd; ///< Memory::size()
  uint64_t Scratch;
  uint32_t Inst; ///< that called a service or that the interpreter goes on at
  uint32_t Status;
  uint64_t Helper; ///< number of the helper to call
  /// r1 to r5 -> r0.
  alignas(8) Service CallHelper;
  /// r1 to r5 -> the code of the tail call's target, 0 to go on behind it.
  alignas(8) Service TailCall;
  /// Offset and size -> the bytes of LD_ABS; leaves if there are none.
  alignas(8) Service LoadPacket;
  /// Number of a map and address of a key -> bpf_map_lookup_elem.
  alignas(8) Service LookupIn;
  alignas(8) void *Owner;
  /// By number of the map: the guest address of its only value. Code that was
  /// made in this process holds such addresses itself.
  alignas(8) const uint64_t *Values;
  /// The same of Map::elementAddresses().
  alignas(8) const Elements *Arrays;
  alignas(8) uint32_t Cpu; ///< Environment::Cpu
};
static_assert(sizeof(State) <= Memory::WorkspaceSize);

} // namespace bpfcc::jit

#endif
