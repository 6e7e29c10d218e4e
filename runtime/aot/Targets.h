#ifndef BPFCC_RUNTIME_AOT_TARGETS_H
#define BPFCC_RUNTIME_AOT_TARGETS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace llvm {
class TargetMachine;
}

namespace bpfcc::aot {

/// A row of targets.def.
struct Target {
  const char *Name;
  const char *Triple;
  const char *Features;
  uint16_t Machine; ///< e_machine
  unsigned PointerBits;
  const char *Words;
};

llvm::ArrayRef<Target> targets();

/// Null if there is none.
const Target *targetByName(llvm::StringRef Name);
const Target *targetByMachine(uint16_t Machine);

/// The machine that this program was built for; null if it is none of them.
const Target *hostTarget();

/// LLVM's description of \p T, for code that runs at any address. Error:
/// Internal.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createMachine(const Target &T);

} // namespace bpfcc::aot

#endif
