#ifndef BPFCC_TOOLS_BPFCC_LTOSTEP_H
#define BPFCC_TOOLS_BPFCC_LTOSTEP_H

#include "backend/link/Link.h"
#include "frontend/driver/Plan.h"

namespace bpfcc {
struct CodeGenOptions;
}

namespace bpfcc::tools {

/// How the plan wants code that \p Choices are made for.
CodeGenOptions codeGenOptions(const Plan &P, const CodeChoices &Choices);

/// Compiles the inputs that are bitcode together: one object stands where the
/// first of them stood. Nothing happens where there are none. Errors: those of
/// linkObjects(), but for what is undefined, and of the code generator;
/// BadObject for what is no bitcode for BPF.
llvm::Error compileBitcode(const Plan &P, std::vector<LinkInput> &Inputs);

} // namespace bpfcc::tools

#endif
