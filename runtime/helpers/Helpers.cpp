#include "runtime/helpers/Call.h"
#include "support/Diagnostic.h"

using namespace llvm;

namespace bpfcc {

uint32_t mapNumber(const Environment &Env, uint64_t Guest) {
  uint64_t Index = (Guest - MapBase) / 4096;
  return Guest >= MapBase && Index < Env.Maps.size() &&
                 mapAddress(uint32_t(Index)) == Guest
             ? uint32_t(Index)
             : ~0u;
}

/// The implementation of each helper by its id; null where there is none.
static const std::vector<HelperFunction> &functions() {
  static const std::vector<HelperFunction> Table = [] {
    std::vector<HelperFunction> T{nullptr};
    while (const target::HelperInfo *H = target::helperById(T.size())) {
      HelperFunction F = nullptr;
      for (auto Family :
           {mapHelper, storageHelper, eventHelper, textHelper, worldHelper,
            packetHelper, shapeHelper, checksumHelper, dynptrHelper})
        if (!F)
          F = Family(StringRef(H->Name).drop_front(4));
      T.push_back(F);
    }
    return T;
  }();
  return Table;
}

Expected<uint64_t> callHelper(Environment &Env, uint32_t Id,
                              ArrayRef<uint64_t> Args) {
  const target::HelperInfo *H = target::helperById(Id);
  if (!H)
    return diagError(DiagCode::RunError, {},
                     "no helper has number " + Twine(Id).str());
  Call C{Env, *H};
  std::copy_n(Args.begin(), std::min<size_t>(Args.size(), 5), C.R.begin());
  HelperFunction F = functions()[Id];
  if (!F)
    return C.error("has no meaning in user space");
  if (Error E = checkArguments(C))
    return std::move(E);
  return F(C);
}

} // namespace bpfcc
