#ifndef BPFCC_TOOLS_BPFCC_TRYAGAIN_H
#define BPFCC_TOOLS_BPFCC_TRYAGAIN_H

#include "frontend/pipeline/Care.h"
#include "tools/bpfcc/Judge.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace bpfcc::tools {

/// Makes an object again, with care.
using Remake = llvm::function_ref<llvm::Expected<Object>(const CareOf &)>;
/// What kernels say of an object.
using Ask =
    llvm::function_ref<llvm::Expected<std::vector<Judgement>>(const Object &)>;

/// Makes \p O again with more care for the programs that kernels \p For refuse
/// in \p Judged, for what the optimiser may have made of them, and takes the
/// result, with its judgements, if more programs are accepted and all that were
/// still are. Gives a note for each that is.
std::vector<Diagnostic> tryAgain(Object &O, std::vector<Judgement> &Judged,
                                 llvm::ArrayRef<target::KernelVersion> For,
                                 Remake Again, Ask Judges);

} // namespace bpfcc::tools

#endif
