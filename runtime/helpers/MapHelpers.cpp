// Maps, callbacks over them, loops and locks.

#include "runtime/helpers/Call.h"
#include "runtime/maps/Kinds.h"
#include "runtime/memory/Shared.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>
#include <cstring>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

Error refuseWrite(const Call &C) {
  if (C.M->def().Flags & mapflags::ReadOnlyProg)
    return C.error("map `" + C.M->def().Name + "` is read-only for programs");
  return Error::success();
}

Result lookup(Call &C) { return C.M->lookup(C.Mem[1], C.Env.Cpu); }

Result lookupPerCpu(Call &C) {
  return C.R[2] < C.Env.Cpus ? C.M->lookup(C.Mem[1], unsigned(C.R[2])) : 0;
}

Result update(Call &C) {
  if (Error E = refuseWrite(C))
    return std::move(E);
  return status(C.M->update(C.Mem[1], C.Mem[2], C.R[3], C.Env.Cpu));
}

Result erase(Call &C) {
  if (Error E = refuseWrite(C))
    return std::move(E);
  return status(C.M->erase(C.Mem[1]));
}

Result push(Call &C) {
  if (Error E = refuseWrite(C))
    return std::move(E);
  return status(C.M->push(C.Mem[1], C.R[2]));
}

Result pop(Call &C) { return status(C.M->pop(C.Mem[1])); }

Result peek(Call &C) { return status(C.M->peek(C.Mem[1])); }

/// Calls back with the map, the key, the value and the context of each
/// element; a result other than 0 ends it. Elements that callbacks delete are
/// passed over.
Result forEach(Call &C) {
  if (C.R[3])
    return fail(EINVAL);
  const MapDef &Def = C.M->def();
  std::vector<std::vector<uint8_t>> Keys;
  std::vector<uint8_t> Key(Def.KeySize);
  for (const uint8_t *After = nullptr; C.M->nextKey(After, Key.data()) == 0;
       After = Keys.back().data())
    Keys.push_back(Key);
  uint64_t Guest = C.Env.Mem.add(Key.size(), Memory::ReadOnly, "map key");
  if (!Guest)
    return fail(ENOMEM);
  uint64_t Count = 0;
  Result R = 0;
  for (const auto &K : Keys) {
    uint64_t Value = C.M->lookup(K.data(), C.Env.Cpu);
    if (!Value)
      continue;
    ++Count;
    memcpy(C.Env.Mem.host(Guest), K.data(), K.size());
    consumeError(R.takeError());
    R = C.Env.CallBack(C.R[1], {C.R[0], Guest, Value, C.R[2]});
    if (!R || *R)
      break;
  }
  C.Env.Mem.remove(Guest);
  if (!R)
    return R;
  return Count;
}

Result loop(Call &C) {
  constexpr uint32_t MaxLoops = 8 * 1024 * 1024;
  uint32_t Times = uint32_t(C.R[0]);
  if (C.R[3])
    return fail(EINVAL);
  if (Times > MaxLoops)
    return fail(E2BIG);
  for (uint32_t I = 0; I != Times; ++I) {
    Result R = C.Env.CallBack(C.R[1], {I, C.R[2]});
    if (!R)
      return R;
    if (*R)
      return I + 1;
  }
  return Times;
}

/// One at a time, as the kernel's verifier has it: so nobody waits for a lock
/// of somebody who waits.
Result lock(Call &C) {
  if (C.Env.HeldLock)
    return C.error("a lock is held already, at " +
                   C.Env.Mem.describe(C.Env.HeldLock));
  if (C.R[0] % 4)
    return C.error("the lock is misaligned");
  if (!lockSpin(C.Mem[0]))
    return C.error("the lock is damaged, or its holder keeps it: it holds " +
                   Twine(C.load(C.Mem[0], 4)));
  C.Env.HeldLock = C.R[0];
  return 0;
}

Result unlock(Call &C) {
  if (C.Env.HeldLock != C.R[0])
    return C.error("this lock is not held");
  unlockSpin(C.Mem[0]);
  C.Env.HeldLock = 0;
  return 0;
}

} // namespace

HelperFunction mapHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("map_lookup_elem", lookup)
      .Case("map_lookup_percpu_elem", lookupPerCpu)
      .Case("map_update_elem", update)
      .Case("map_delete_elem", erase)
      .Case("map_push_elem", push)
      .Case("map_pop_elem", pop)
      .Case("map_peek_elem", peek)
      .Case("for_each_map_elem", forEach)
      .Case("loop", loop)
      .Case("spin_lock", lock)
      .Case("spin_unlock", unlock)
      .Default(nullptr);
}

} // namespace bpfcc
