#include "backend/prepare/AccessWidth.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/Local.h"

namespace bpfcc {

using namespace llvm;

unsigned accessWidth(const Value &Address, Align Known) {
  constexpr uint64_t Widest = 8;
  uint64_t Width = Known.value();
  if (auto *I = dyn_cast<Instruction>(&Address))
    Width = std::max(Width, getKnownAlignment(const_cast<Value *>(&Address),
                                              I->getDataLayout(), I)
                                .value());
  return unsigned(std::min(Width, Widest));
}

} // namespace bpfcc
