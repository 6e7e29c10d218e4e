#ifndef BPFCC_BACKEND_FINISH_LOWER_H
#define BPFCC_BACKEND_FINISH_LOWER_H

#include "backend/finish/Code.h"
#include "backend/finish/Finish.h"
#include "backend/isa/Assembler.h"
#include "support/Diagnostic.h"

#include "llvm/Support/Error.h"

namespace bpfcc {

/// Code whose jumps still name blocks.
struct LinearCode {
  CodeFunction Code;
  struct Jump {
    uint32_t Inst; ///< index into Code.Insts
    uint32_t To;   ///< index into Starts
  };
  std::vector<Jump> Jumps; ///< by rising Inst
  /// Places that jumps go to, as indexes into Code.Insts: by BlockId, then
  /// what was added later.
  std::vector<uint32_t> Starts;
  /// Instructions that nothing may come between: assembled text.
  struct Range {
    uint32_t First, Last; ///< one behind the end
  };
  std::vector<Range> Texts; ///< by rising First
  /// Numbers in assembly text that depend on where blocks lie.
  struct Number {
    uint32_t Raw;       ///< index into Code.Raws
    uint32_t TextStart; ///< index into Code.Insts: what the value counts from
    isa::AsmPatch Patch;
    llvm::SmallVector<mir::BlockId, 2> Targets; ///< for asmLabelTarget
    SourceLoc Loc;
  };
  std::vector<Number> Numbers;
};

/// Encodes the blocks of \p F in \p Order; frame offsets are set. Jumps to the
/// block that follows are left out; conditional ones are inverted where that
/// saves a jump; a jump to a block that only exits becomes EXIT.
llvm::Expected<LinearCode> lower(const mir::Function &F,
                                 const std::vector<mir::BlockId> &Order,
                                 const FinishOptions &Options);

} // namespace bpfcc

#endif
