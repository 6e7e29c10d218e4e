#include "backend/prepare/Helper.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

std::optional<int64_t> helperNumber(const Value *Callee) {
  if (const auto *Load = dyn_cast<LoadInst>(Callee))
    if (const auto *G = dyn_cast<GlobalVariable>(Load->getPointerOperand());
        G && G->isConstant() && G->hasDefinitiveInitializer())
      Callee = G->getInitializer();
  const APInt *N;
  if (!isa<Constant>(Callee) || !match(Callee, m_IntToPtr(m_APInt(N))) ||
      N->getSignificantBits() > 32)
    return std::nullopt;
  return N->getSExtValue();
}

} // namespace bpfcc
