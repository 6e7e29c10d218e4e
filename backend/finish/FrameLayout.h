#ifndef BPFCC_BACKEND_FINISH_FRAMELAYOUT_H
#define BPFCC_BACKEND_FINISH_FRAMELAYOUT_H

#include "backend/mir/Mir.h"

#include "llvm/Support/Error.h"

namespace bpfcc {

/// Sets FrameObject::Offset (bytes from r10, negative) for each object that an
/// instruction mentions. Gives the bytes used, a multiple of 8. Error:
/// StackTooLarge at the function's first line, naming the largest variables.
llvm::Expected<uint32_t> layOutFrame(mir::Function &F, uint32_t Limit);

} // namespace bpfcc

#endif
