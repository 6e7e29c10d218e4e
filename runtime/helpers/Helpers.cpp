#include "runtime/helpers/Call.h"
#include "runtime/memory/Shared.h"
#include "support/Diagnostic.h"

using namespace llvm;

namespace bpfcc {

void dropLock(Environment &Env, Expected<uint64_t> &R0) {
  unlockSpin(Env.Mem.host(Env.HeldLock));
  if (R0)
    R0 = diagError(DiagCode::RunError, {},
                   "the program ends with a spin lock held, at " +
                       Env.Mem.describe(Env.HeldLock));
  Env.HeldLock = 0;
}

uint32_t mapNumber(const Environment &Env, uint64_t Guest) {
  uint64_t Index = (Guest - MapBase) / 4096;
  return Guest >= MapBase && Index < Env.Maps.size() &&
                 mapAddress(uint32_t(Index)) == Guest
             ? uint32_t(Index)
             : ~0u;
}

using Family = HelperFunction (*)(StringRef Name);

/// What implements the rows from number \p First on, in their order; null
/// where there is nothing.
static std::vector<HelperFunction> table(unsigned First,
                                         ArrayRef<Family> Families) {
  std::vector<HelperFunction> T;
  while (const target::HelperInfo *H =
             target::helperById(First + unsigned(T.size()))) {
    HelperFunction F = nullptr;
    for (Family Of : Families)
      if (!F)
        F = Of(StringRef(H->Name).drop_front(4));
    T.push_back(F);
  }
  return T;
}

static HelperFunction function(unsigned Id) {
  static const std::vector<HelperFunction> Helpers =
      table(1, {mapHelper, storageHelper, eventHelper, textHelper, timerHelper,
                worldHelper, packetHelper, shapeHelper, checksumHelper,
                dynptrHelper, absentHelper});
  static const std::vector<HelperFunction> Kfuncs = table(
      target::FirstKfunc, {iteratorKfunc, dynptrKfunc, objectKfunc, listKfunc,
                           rbtreeKfunc, arenaKfunc, throwKfunc});
  return Id < target::FirstKfunc ? Helpers[Id - 1]
                                 : Kfuncs[Id - target::FirstKfunc];
}

Expected<uint64_t> callHelper(Environment &Env, uint32_t Id,
                              ArrayRef<uint64_t> Args) {
  if (Id >= FirstHostHelper) {
    const HostHelper &H = Env.HostHelpers[Id - FirstHostHelper];
    return H.Run(Env, Args.take_front(H.NumArgs));
  }
  const target::HelperInfo *H = target::helperById(Id);
  if (!H)
    return diagError(DiagCode::RunError, {},
                     "no helper has number " + Twine(Id).str());
  Call C{Env, *H};
  std::copy_n(Args.begin(), std::min<size_t>(Args.size(), 5), C.R.begin());
  HelperFunction F = function(Id);
  if (!F)
    return C.error("has no meaning in user space");
  if (Error E = checkArguments(C))
    return std::move(E);
  return F(C);
}

} // namespace bpfcc
