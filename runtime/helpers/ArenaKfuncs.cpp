// Pages of arenas (bpf_arena_*). Who asks for what cannot be gets nothing, and
// no fault, as in the kernel.

#include "runtime/helpers/Call.h"
#include "runtime/maps/Arena.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>

using namespace llvm;

namespace bpfcc {
namespace {

Arena *arenaOf(Call &C) {
  return target::MapType(C.M->def().Type) == target::MapType::Arena
             ? static_cast<Arena *>(C.M)
             : nullptr;
}

Result allocate(Call &C) {
  Arena *A = arenaOf(C);
  uint64_t Flags = C.R[4];
  return A && !Flags ? A->allocatePages(C.R[1], uint32_t(C.R[2])) : 0;
}

Result free(Call &C) {
  Arena *A = arenaOf(C);
  if (A && uint32_t(C.R[2]) && uint32_t(C.R[1]))
    A->freePages(C.R[1], uint32_t(C.R[2]));
  return 0;
}

Result reserve(Call &C) {
  Arena *A = arenaOf(C);
  return A ? status(A->reservePages(C.R[1], uint32_t(C.R[2])))
           : bpfcc::fail(EINVAL);
}

} // namespace

HelperFunction arenaKfunc(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("arena_alloc_pages", allocate)
      .Case("arena_free_pages", free)
      .Case("arena_reserve_pages", reserve)
      .Default(nullptr);
}

} // namespace bpfcc
