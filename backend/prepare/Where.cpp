#include "backend/prepare/Where.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"

namespace bpfcc {

SourceLoc whereIs(const llvm::Function &F) {
  const llvm::DISubprogram *P = F.getSubprogram();
  return P ? SourceLoc{P->getFilename().str(), P->getLine(), 0} : SourceLoc{};
}

SourceLoc whereIs(const llvm::Instruction &I) {
  if (const llvm::DILocation *L = I.getDebugLoc().get(); L && L->getLine())
    return {L->getFilename().str(), L->getLine(), L->getColumn()};
  return whereIs(*I.getFunction());
}

} // namespace bpfcc
