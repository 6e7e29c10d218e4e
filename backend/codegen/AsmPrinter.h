#ifndef BPFCC_BACKEND_CODEGEN_ASMPRINTER_H
#define BPFCC_BACKEND_CODEGEN_ASMPRINTER_H

#include "backend/object/Object.h"

#include "llvm/Support/raw_ostream.h"

namespace bpfcc {

/// Prints \p O as assembly text in the dialect of LLVM's BPF assembler, which
/// makes an equal object of it: what `-S` is. A slot that no instruction stands
/// for is a number.
void printAssembly(llvm::raw_ostream &OS, const Object &O);

} // namespace bpfcc

#endif
