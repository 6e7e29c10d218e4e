#ifndef BPFCC_FRONTEND_PIPELINE_CAREFUL_H
#define BPFCC_FRONTEND_PIPELINE_CAREFUL_H

#include "frontend/pipeline/Care.h"

#include "llvm/ADT/Any.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Module.h"

namespace bpfcc {

/// Decides which of LLVM's passes run on which function.
class CarefulFunctions {
public:
  /// Finds what the programs of \p Of reach in \p M, on which no pass has run.
  /// Of a function that several reach the most care is taken.
  CarefulFunctions(const llvm::Module &M, const CareOf &Of);

  /// Whether pass \p Name may run on \p IR, what LLVM's instrumentation gives.
  bool mayRun(llvm::StringRef Name, const llvm::Any &IR) const;
  /// From here on everything runs.
  void end() { Functions.clear(); }
  /// Whether \p F is to be made by the passes of -O0.
  bool isLeast(const llvm::Function &F) const;

private:
  llvm::StringMap<Care> Functions;
};

} // namespace bpfcc

#endif
