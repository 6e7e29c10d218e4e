// Objects of a program's own types (bpf_obj_new and its kin).

#include "runtime/helpers/Call.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace bpfcc {
namespace {

Result create(Call &C) {
  uint64_t Size = C.Env.TypeSize ? C.Env.TypeSize(uint32_t(C.R[0])) : 0;
  if (!Size)
    return C.error("the program has no type " + Twine(C.R[0]));
  uint64_t Guest = C.Env.Mem.add(Size, Memory::ReadWrite, "object");
  if (!Guest)
    return 0;
  std::lock_guard Locked(C.Env.Shared->Lock);
  C.Env.Shared->Objects[Guest] = 1;
  return Guest;
}

Result drop(Call &C) {
  if (Error E = dropObject(C, C.R[0]))
    return std::move(E);
  return 0;
}

Result acquire(Call &C) {
  std::lock_guard Locked(C.Env.Shared->Lock);
  auto It = C.Env.Shared->Objects.find(C.R[0]);
  if (It == C.Env.Shared->Objects.end())
    return C.error("argument 1 is no object but " + C.Env.Mem.describe(C.R[0]));
  ++It->second;
  return C.R[0];
}

} // namespace

Error dropObject(Call &C, uint64_t Guest) {
  std::lock_guard Locked(C.Env.Shared->Lock);
  auto It = C.Env.Shared->Objects.find(Guest);
  if (It == C.Env.Shared->Objects.end())
    return C.error("no object starts at " + C.Env.Mem.describe(Guest));
  if (--It->second == 0) {
    C.Env.Mem.remove(Guest);
    C.Env.Shared->Objects.erase(It);
  }
  return Error::success();
}

HelperFunction objectKfunc(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("obj_new_impl", create)
      .Case("obj_drop_impl", drop)
      .Case("refcount_acquire_impl", acquire)
      .Default(nullptr);
}

} // namespace bpfcc
