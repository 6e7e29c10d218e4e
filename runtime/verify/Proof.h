#ifndef BPFCC_RUNTIME_VERIFY_PROOF_H
#define BPFCC_RUNTIME_VERIFY_PROOF_H

#include "runtime/load/Program.h"

namespace bpfcc::verify {

/// Whether runs of \p P in user space need no checks of what programs access,
/// whichever of its programs run, on contexts of runtime/hooks/Context.h: each
/// is one for packets and is accepted by verify(). The values of constants
/// (`const volatile`, `__kconfig`) are not relied on, for a user may set them.
/// Helpers must be the kernel's.
///
/// Takes as long as verifying the programs does, half a second for one of a
/// million steps.
bool needsNoChecks(const Program &P);

} // namespace bpfcc::verify

#endif
