#ifndef BPFCC_RUNTIME_AOT_FINGERPRINT_H
#define BPFCC_RUNTIME_AOT_FINGERPRINT_H

#include "runtime/interp/Flow.h"

namespace bpfcc::aot {

/// A number for all that code and the interpreter, which goes on where code
/// stops, must have found out in the same way: native code of one version of
/// the analysis does not fit another.
uint64_t fingerprint(llvm::ArrayRef<Flow> Flows);

} // namespace bpfcc::aot

#endif
