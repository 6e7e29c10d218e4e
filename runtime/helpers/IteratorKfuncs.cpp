// Open-coded iterators (bpf_for and its kin), and what brackets sections of
// code.

#include "runtime/helpers/Call.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

// A struct bpf_iter_num is the current number and the end, 32 bits each.
constexpr unsigned EndAt = 4;

void set(const Call &C, int32_t Current, int32_t End) {
  C.store(C.Mem[0], 4, uint32_t(Current));
  C.store(C.Mem[0] + EndAt, 4, uint32_t(End));
}

Result newNumbers(Call &C) {
  constexpr int64_t MaxLoops = 8 * 1024 * 1024;
  int32_t Start = int32_t(C.R[1]), End = int32_t(C.R[2]);
  set(C, 0, 0);
  if (Start > End)
    return fail(EINVAL);
  if (int64_t(End) - Start > MaxLoops)
    return fail(E2BIG);
  set(C, int32_t(uint32_t(Start) - 1), End);
  return 0;
}

/// Gives where the current number stands: in the iterator itself.
Result nextNumber(Call &C) {
  uint32_t Next = uint32_t(C.load(C.Mem[0], 4)) + 1;
  int32_t End = int32_t(C.load(C.Mem[0] + EndAt, 4));
  bool Last = int32_t(Next) >= End;
  set(C, Last ? 0 : int32_t(Next), Last ? 0 : End);
  return Last ? 0 : C.R[0];
}

Result destroyNumbers(Call &C) {
  set(C, 0, 0);
  return 0;
}

Result nothing(Call &) { return 0; }

/// Only hash maps know how many they have.
bool counts(MapType T) {
  return T == MapType::Hash || T == MapType::PerCpuHash ||
         T == MapType::LruHash || T == MapType::LruPerCpuHash;
}

Result countElements(Call &C) {
  if (!counts(MapType(C.M->def().Type)))
    return 0;
  std::vector<uint8_t> Key(C.M->def().KeySize), Next(Key.size());
  uint64_t Count = 0;
  const uint8_t *After = nullptr;
  while (C.M->nextKey(After, Next.data()) == 0) {
    Key = Next;
    After = Key.data();
    ++Count;
  }
  return Count;
}

} // namespace

HelperFunction iteratorKfunc(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("iter_num_new", newNumbers)
      .Case("iter_num_next", nextNumber)
      .Case("iter_num_destroy", destroyNumbers)
      .Cases({"rcu_read_lock", "rcu_read_unlock", "preempt_disable",
              "preempt_enable"},
             nothing)
      .Case("map_sum_elem_count", countElements)
      .Default(nullptr);
}

} // namespace bpfcc
