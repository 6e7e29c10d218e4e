#ifndef BPFCC_TOOLS_BPFCC_RUNCONTEXT_H
#define BPFCC_TOOLS_BPFCC_RUNCONTEXT_H

#include "backend/btf/BtfFile.h"
#include "runtime/load/Program.h"
#include "tools/bpfcc/RunOptions.h"

namespace bpfcc::tools {

/// The bytes of the context of \p S, a program without packets, that \p O asks
/// for: \p Size zeroes if it says nothing. Error: JSON that does not fit the
/// type of the program's argument in \p Btf.
llvm::Expected<std::vector<uint8_t>>
contextBytes(const RunOptions &O, const Program &P, const Subprog &S,
             const BtfFile &Btf, uint64_t Size);

} // namespace bpfcc::tools

#endif
