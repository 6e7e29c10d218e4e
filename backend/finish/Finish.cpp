#include "backend/finish/Finish.h"

#include "backend/finish/BlockOrder.h"
#include "backend/finish/Cleanup.h"
#include "backend/finish/FrameLayout.h"
#include "backend/finish/Jumps.h"
#include "backend/finish/Lower.h"

namespace bpfcc {

llvm::Expected<CodeFunction> finish(mir::Function &&F,
                                    const FinishOptions &Options) {
  cleanUpBlocks(F);
  llvm::Expected<uint32_t> StackSize = layOutFrame(F, Options.StackLimit);
  if (!StackSize)
    return StackSize.takeError();
  llvm::Expected<LinearCode> Linear = lower(F, orderBlocks(F), Options);
  if (!Linear)
    return Linear.takeError();
  llvm::Expected<CodeFunction> Code =
      resolveJumps(std::move(*Linear), Options.Cpu);
  if (!Code)
    return Code.takeError();
  Code->Name = F.Name;
  Code->Section = F.Section;
  Code->Global = F.Global;
  Code->Weak = F.Weak;
  Code->Hidden = F.Hidden;
  Code->StackSize = *StackSize;
  return Code;
}

} // namespace bpfcc
