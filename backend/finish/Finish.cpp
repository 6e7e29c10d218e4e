#include "backend/finish/Finish.h"

#include "backend/finish/BlockOrder.h"
#include "backend/finish/Cleanup.h"
#include "backend/finish/FrameLayout.h"
#include "backend/finish/Jumps.h"
#include "backend/finish/Lower.h"
#include "backend/finish/Rules.h"
#include "backend/finish/Unreachable.h"
#include "backend/isa/Encoding.h"
#include "backend/mir/Cfg.h"
#include "support/Diagnostic.h"

namespace bpfcc {

static llvm::Error checkLength(const CodeFunction &Code, uint32_t MaxSlots) {
  uint64_t Slots = 0;
  for (const isa::Inst &I : Code.Insts)
    Slots += isa::slots(I.Opcode);
  if (Slots <= MaxSlots)
    return llvm::Error::success();
  SourceLoc Loc;
  if (!Code.Lines.empty())
    Loc = {Code.Lines[0].File, Code.Lines[0].Line, Code.Lines[0].Column};
  return diagError(DiagCode::TooManyInsns, Loc, Code.Name, Slots, MaxSlots);
}

static llvm::Expected<CodeFunction>
encode(const mir::Function &F, const std::vector<mir::BlockId> &Order,
       const FinishOptions &Options) {
  llvm::Expected<LinearCode> Linear = lower(F, Order, Options);
  if (!Linear)
    return Linear.takeError();
  Linear->Code.Name = F.Name;
  dropUnreachable(*Linear);
  return resolveJumps(std::move(*Linear), Options);
}

/// \p E, unless it says that a jump does not reach.
static llvm::Error unlessTooFar(llvm::Error E) {
  return handleErrors(std::move(E),
                      [](std::unique_ptr<DiagnosticError> D) -> llvm::Error {
                        if (D->diagnostic().Code == DiagCode::BranchTooFar)
                          return llvm::Error::success();
                        return llvm::Error(std::move(D));
                      });
}

llvm::Expected<CodeFunction> finish(mir::Function &&F,
                                    const FinishOptions &Options) {
  cleanUpBlocks(F);
  llvm::Expected<uint32_t> StackSize = layOutFrame(F, Options.StackLimit);
  if (!StackSize)
    return StackSize.takeError();
  applyRules(F, Options.Cpu);
  mir::computePreds(F);
  llvm::Expected<CodeFunction> Code = encode(F, orderBlocks(F), Options);
  if (!Code) {
    // Chains can put each side of a branch far from it. In reverse postorder
    // both stand before the place where they meet.
    llvm::Error E = unlessTooFar(Code.takeError());
    if (E)
      return std::move(E);
    Code = encode(F, mir::reversePostorder(F), Options);
  }
  if (!Code)
    return Code.takeError();
  if (llvm::Error E = checkLength(*Code, Options.MaxSlots))
    return std::move(E);
  Code->Section = F.Section;
  Code->Global = F.Global;
  Code->Weak = F.Weak;
  Code->Hidden = F.Hidden;
  Code->StackSize = *StackSize;
  return Code;
}

} // namespace bpfcc
