#ifndef BPFCC_RUNTIME_VERIFY_DESCRIBE_H
#define BPFCC_RUNTIME_VERIFY_DESCRIBE_H

#include "runtime/verify/Verify.h"

namespace bpfcc::verify {

/// How libbpf loads the program \p Entry of \p P into \p Kernel, by its section
/// and the object's licence. Type is Unspec for a section that says nothing.
Options optionsFor(const Program &P, uint32_t Entry,
                   target::KernelVersion Kernel);

/// \p F at its lines of C, with the way there as notes.
Diagnostic describe(const Program &P, const Finding &F);

} // namespace bpfcc::verify

#endif
