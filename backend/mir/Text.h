#ifndef BPFCC_BACKEND_MIR_TEXT_H
#define BPFCC_BACKEND_MIR_TEXT_H

#include "backend/mir/Mir.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace bpfcc::mir {

/// Prints \p F in the text form that parse() reads back to an equal value.
void print(llvm::raw_ostream &OS, const Function &F);

/// The functions of \p Text; \p FileName is what errors call it. Error:
/// BadMir at the offending line.
llvm::Expected<std::vector<Function>> parse(llvm::StringRef Text,
                                            llvm::StringRef FileName);

} // namespace bpfcc::mir

#endif
