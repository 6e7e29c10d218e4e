#ifndef BPFCC_TOOLS_BPFCC_DESCRIBE_H
#define BPFCC_TOOLS_BPFCC_DESCRIBE_H

#include "tools/bpfcc/Commands.h"

namespace llvm {
class raw_ostream;
}

namespace bpfcc::tools {

/// Prints what the last of \p Words may be completed to; gives the exit status.
int printCompletions(llvm::ArrayRef<CommandRow> Commands, Arguments Words);

/// Prints the manual page bpfcc(1), in man's macros.
void printManPage(llvm::raw_ostream &OS, llvm::ArrayRef<CommandRow> Commands);

/// Prints the version and what is inside as JSON.
int printVersionAsJson();

} // namespace bpfcc::tools

#endif
