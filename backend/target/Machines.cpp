#include "backend/target/Machines.h"

#include "llvm/ADT/StringSwitch.h"

namespace bpfcc::target {

bool takesMisaligned(llvm::StringRef Name) {
  return llvm::StringSwitch<bool>(Name)
#define MACHINE(Name, Misaligned) .Case(#Name, Misaligned)
#include "backend/target/machines.def"
      .Default(false);
}

} // namespace bpfcc::target
