// Needs: IR as the front end emits it. Gives: calls of helpers whose arguments
// say what happens to the memory behind them.
//
//   %p = call ptr %lookup(@map, %key)
//     ->  call ptr %lookup(@map, readonly captures(none) %key)
//
// What a program has written to a key it then need not read again: it knows the
// value, and the verifier the bounds it has checked. Of output nothing is said:
// LLVM would see through what helpers fill in, and unroll loops over it.

#include "backend/prepare/DescribeHelpers.h"

#include "backend/prepare/Helper.h"
#include "backend/target/Helpers.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

using namespace llvm;

namespace {

bool isRead(target::ArgKind Kind) {
  switch (Kind) {
  case target::ArgKind::MapKey:
  case target::ArgKind::MapValue:
  case target::ArgKind::MemRead:
  case target::ArgKind::MemReadOrNull:
  case target::ArgKind::FixedRead20:
  case target::ArgKind::FixedRead40:
  case target::ArgKind::ConstStr:
    return true;
  default:
    return false;
  }
}

void describe(CallBase &Call, const target::HelperInfo &Helper) {
  for (unsigned N = 0; N < std::min<size_t>(Call.arg_size(), 5); ++N) {
    if (!isRead(Helper.Args[N]) ||
        !Call.getArgOperand(N)->getType()->isPointerTy())
      continue;
    Call.addParamAttr(N, Attribute::ReadOnly);
    Call.addParamAttr(N, Attribute::getWithCaptureInfo(Call.getContext(),
                                                       CaptureInfo::none()));
  }
}

bool isPlainLoad(const User *U) {
  const auto *Load = dyn_cast<LoadInst>(U);
  return Load && Load->isSimple();
}

/// Headers declare pointers to helpers without saying that they are constants.
/// Other variables stay what they are: a loader may set them.
void findConstants(Module &M) {
  for (GlobalVariable &G : M.globals())
    if (G.hasLocalLinkage() && !G.isConstant() && !G.hasSection() &&
        G.hasDefinitiveInitializer() && helperNumber(G.getInitializer()) > 0 &&
        all_of(G.users(), isPlainLoad))
      G.setConstant(true);
}

} // namespace

void describeHelpers(Module &M) {
  findConstants(M);
  for (Function &F : M)
    for (Instruction &I : instructions(F)) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call)
        continue;
      std::optional<int64_t> N = helperNumber(Call->getCalledOperand());
      if (!N || *N < 0)
        continue;
      if (const target::HelperInfo *Helper = target::helperById(unsigned(*N)))
        describe(*Call, *Helper);
    }
}

} // namespace bpfcc
