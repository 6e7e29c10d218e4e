#ifndef BPFCC_RUNTIME_VERIFY_WATCH_H
#define BPFCC_RUNTIME_VERIFY_WATCH_H

#include "runtime/verify/LogText.h"
#include "runtime/verify/Verifier.h"

#include "llvm/ADT/DenseMap.h"

#include <map>

namespace bpfcc::verify {

/// What is remembered from step to step.
struct Verifier::Watch {
  Watch(llvm::ArrayRef<StepRange> Way, PathSink Sink) : Way(Way), Sink(Sink) {}

  llvm::ArrayRef<StepRange> Way; ///< what is left of it
  PathSink Sink;
  std::optional<LogText> Text;  ///< from the first step on
  std::optional<uint32_t> Last; ///< the instruction that was followed before
  bool Whole = true;            ///< the whole state is to be told first
  /// What values renew, as far as it was asked for: origin() may go a long way
  /// behind a loop.
  llvm::DenseMap<Nodes::Id, Nodes::Id> Origins;
  /// By frame: variables, and the values that they have.
  std::vector<std::map<std::string, Nodes::Id>> Names;
};

} // namespace bpfcc::verify

#endif
