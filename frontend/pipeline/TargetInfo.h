#ifndef BPFCC_FRONTEND_PIPELINE_TARGETINFO_H
#define BPFCC_FRONTEND_PIPELINE_TARGETINFO_H

#include "llvm/Analysis/TargetTransformInfo.h"

namespace bpfcc {

/// What LLVM's passes ask about the machine, answered for BPF.
llvm::TargetTransformInfo bpfTargetInfo(const llvm::Function &F);

} // namespace bpfcc

#endif
