#include "backend/finish/FrameLayout.h"

#include "support/Diagnostic.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

namespace bpfcc {

static SourceLoc functionLoc(const mir::Function &F) {
  for (const mir::DebugLoc &L : F.Locs)
    if (L.Line)
      return {F.Files[L.File], L.Line, L.Column};
  return {};
}

static std::vector<bool> usedObjects(const mir::Function &F) {
  std::vector<bool> Used(F.Frame.size());
  for (const mir::Block &B : F.Blocks)
    for (const mir::Inst &I : B.Insts)
      if (I.Frame != mir::None)
        Used[I.Frame] = true;
  for (const mir::AsmBlock &A : F.Asms)
    for (const mir::AsmBlock::Operand &O : A.Operands)
      if (O.Frame != mir::None)
        Used[O.Frame] = true;
  return Used;
}

static std::string ledger(const mir::Function &F,
                          const std::vector<uint32_t> &Order) {
  constexpr size_t MaxNamed = 4;
  uint64_t Spills = 0;
  std::vector<const mir::FrameObject *> Named;
  for (uint32_t Index : Order) {
    const mir::FrameObject &O = F.Frame[Index];
    if (O.Spill)
      Spills += O.Size;
    else
      Named.push_back(&O);
  }
  std::stable_sort(Named.begin(), Named.end(),
                   [](auto *A, auto *B) { return A->Size > B->Size; });
  std::string Text = "move the largest objects to a map:";
  for (const mir::FrameObject *O : llvm::ArrayRef(Named).take_front(MaxNamed))
    Text += llvm::formatv(" `{0}` {1} bytes,",
                          O->Name.empty() ? "(temporary)" : O->Name, O->Size);
  return Text + llvm::formatv(" spilled registers {0} bytes", Spills).str();
}

llvm::Expected<uint32_t> layOutFrame(mir::Function &F, uint32_t Limit) {
  std::vector<bool> Used = usedObjects(F);
  std::vector<uint32_t> Order;
  for (uint32_t I = 0; I < F.Frame.size(); ++I)
    if (Used[I])
      Order.push_back(I);
  // Large alignments first, so that small objects fill what is left over.
  std::stable_sort(Order.begin(), Order.end(), [&](uint32_t A, uint32_t B) {
    return F.Frame[A].Align > F.Frame[B].Align;
  });

  uint64_t Depth = 0;
  for (uint32_t Index : Order) {
    mir::FrameObject &O = F.Frame[Index];
    Depth = llvm::alignTo(Depth + O.Size, std::max(1u, O.Align));
    O.Offset = -static_cast<int32_t>(std::min<uint64_t>(Depth, INT32_MAX));
  }
  uint64_t Size = llvm::alignTo(Depth, 8);
  if (Size > Limit)
    return withHelp(
        diagError(DiagCode::StackTooLarge, functionLoc(F), F.Name, Size, Limit),
        ledger(F, Order));
  return static_cast<uint32_t>(Size);
}

} // namespace bpfcc
