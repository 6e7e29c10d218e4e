#ifndef BPFCC_RUNTIME_HOOKS_EVENTSOURCE_H
#define BPFCC_RUNTIME_HOOKS_EVENTSOURCE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <cstdint>

namespace bpfcc {

/// Where the events of programs come from: packets that are given, a process
/// that runs, an interface. A source makes the context of each event in the
/// memory of the programs and acts on what they answer.
class EventSource {
public:
  /// Runs program \p Prog, by its number among those that the source was made
  /// for, with r1 = \p Ctx; gives r0.
  using Handler =
      llvm::function_ref<llvm::Expected<uint64_t>(unsigned Prog, uint64_t Ctx)>;

  virtual ~EventSource() = default;

  /// Calls \p Handle for each event until there are no more. Error: what
  /// \p Handle said, with the event where that helps, or what the source says
  /// of itself.
  virtual llvm::Error run(Handler Handle) = 0;
};

} // namespace bpfcc

#endif
