#ifndef BPFCC_BACKEND_FINISH_LOWER_H
#define BPFCC_BACKEND_FINISH_LOWER_H

#include "backend/finish/Code.h"
#include "backend/finish/Finish.h"

#include "llvm/Support/Error.h"

namespace bpfcc {

/// Code whose jumps still name blocks.
struct LinearCode {
  CodeFunction Code;
  struct Jump {
    uint32_t Inst; ///< index into Code.Insts
    mir::BlockId To;
  };
  std::vector<Jump> Jumps;          ///< by rising Inst
  std::vector<uint32_t> BlockStart; ///< by BlockId: index into Code.Insts
};

/// Encodes the blocks of \p F in \p Order; frame offsets are set. Jumps to the
/// block that follows are left out; conditional ones are inverted where that
/// saves a jump; a jump to a block that only exits becomes EXIT.
llvm::Expected<LinearCode> lower(const mir::Function &F,
                                 const std::vector<mir::BlockId> &Order,
                                 const FinishOptions &Options);

} // namespace bpfcc

#endif
