#ifndef BPFCC_TOOLS_BPFCC_LINKSTEP_H
#define BPFCC_TOOLS_BPFCC_LINKSTEP_H

#include "backend/link/Archive.h"
#include "frontend/driver/Plan.h"

namespace bpfcc::tools {

/// Links \p Compiled, what was made of the sources in their order, with the
/// files of the link of \p P, and writes what it asks for beside the object.
/// Symbols that are traced go to standard output. Errors: those of the linker;
/// CannotOpen, CannotWrite.
llvm::Expected<Object> runLink(const Plan &P,
                               std::vector<LinkArgument> Compiled);

} // namespace bpfcc::tools

#endif
