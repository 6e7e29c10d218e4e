#ifndef BPFCC_BACKEND_TARGET_KERNELOBJECTS_H
#define BPFCC_BACKEND_TARGET_KERNELOBJECTS_H

#include "backend/target/KernelVersion.h"

/// What the kernel's BTF does not say of its objects, by name.
namespace bpfcc::target {

/// What an argument of an event is, other than a valid object of its type.
enum class EventArgument : uint8_t {
  Valid,
  Null,  ///< of a tracepoint: may be null
  Error, ///< of a tracepoint: may be no address
  // Of an iterator; see iterators.def.
  Object,
  Trusted,
  Untrusted,
  Buffer,
  ReadBuffer,
};

EventArgument tracepointArgument(llvm::StringRef Tracepoint, unsigned Argument);
EventArgument iteratorArgument(llvm::StringRef Target, unsigned Argument);

/// What is special of an LSM hook; see lsm_hooks.def.
namespace lsm {
enum Flag : uint8_t { Sleepable = 1, Untrusted = 2, Truth = 4, Closed = 8 };
}
uint8_t lsmFlags(llvm::StringRef Hook);

/// The structs of the kernel that helper \p Name takes and gives; empty for
/// none.
struct HelperObject {
  llvm::StringRef Argument, Result;
};
HelperObject helperObject(llvm::StringRef Name);

} // namespace bpfcc::target

#endif
