#ifndef BPFCC_TOOLS_BPFCC_LINKSTEP_H
#define BPFCC_TOOLS_BPFCC_LINKSTEP_H

#include "backend/link/Link.h"
#include "frontend/driver/LinkPlan.h"

namespace bpfcc::tools {

/// Links \p Compiled, the objects of the sources in their order, with the files
/// of \p Plan, and writes what it asks for beside the object. Symbols that are
/// traced go to standard output. Errors: those of the linker; CannotOpen,
/// CannotWrite.
llvm::Expected<Object> runLink(const LinkPlan &Plan,
                               std::vector<LinkInput> Compiled);

} // namespace bpfcc::tools

#endif
