// Needs: IR without select, and without icmp as a value. Gives: IR in which no
// way leads to a branch on a constant that it brings along.
//
//   Same:   br J                       Same:   br Yes
//   Differ: br J                 ->    Differ: br No
//   J: %r = phi [0, Same], [1, Differ]
//      br (icmp eq %r, 0), Yes, No
//
// LLVM has done so with what the source says; such joins come from what is
// expanded here: memcmp(), selects, truth values. A join that is a loop's head
// stays, since ways around it would make a loop with two entries.

#include "backend/prepare/LoopEdges.h"
#include "backend/prepare/Passes.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

using namespace llvm;

namespace {

/// A block of phis and a branch on one of them.
struct Join {
  BranchInst *Branch;
  ICmpInst *Compare; ///< null: the branch is on the phi itself
  PHINode *Tested;

  BasicBlock &block() const { return *Branch->getParent(); }
};

/// Whether \p Phi is only read in its block, and by phis behind it.
bool isReadOnlyBehind(const PHINode &Phi) {
  const BasicBlock *Block = Phi.getParent();
  return all_of(Phi.uses(), [&](const Use &U) {
    const auto *User = cast<Instruction>(U.getUser());
    const auto *Next = dyn_cast<PHINode>(User);
    return Next ? Next->getParent() != Block &&
                      Next->getIncomingBlock(U) == Block
                : User->getParent() == Block;
  });
}

std::optional<Join> asJoin(BasicBlock &B) {
  auto *Branch = dyn_cast<BranchInst>(B.getTerminator());
  if (!Branch || !Branch->isConditional() || !isa<PHINode>(B.front()))
    return std::nullopt;
  Value *Tested = Branch->getCondition();
  auto *Compare = dyn_cast<ICmpInst>(Tested);
  if (Compare) {
    if (!Compare->hasOneUse() || !isa<ConstantInt>(Compare->getOperand(1)))
      return std::nullopt;
    Tested = Compare->getOperand(0);
  }
  auto *Phi = dyn_cast<PHINode>(Tested);
  Instruction *Rest = Compare ? cast<Instruction>(Compare) : Branch;
  if (!Phi || Phi->getParent() != &B || &*B.getFirstNonPHIIt() != Rest ||
      (Compare && Compare->getNextNode() != Branch) ||
      Branch->getSuccessor(0) == Branch->getSuccessor(1) ||
      !all_of(B.phis(), isReadOnlyBehind))
    return std::nullopt;
  return Join{Branch, Compare, Phi};
}

/// Where \p J leads if \p Number comes to it.
BasicBlock *targetFor(const Join &J, const ConstantInt &Number) {
  bool Is = Number.isOne();
  if (J.Compare)
    Is = ICmpInst::compare(
        Number.getValue(),
        cast<ConstantInt>(J.Compare->getOperand(1))->getValue(),
        J.Compare->getPredicate());
  return J.Branch->getSuccessor(Is ? 0 : 1);
}

/// What \p V, read behind \p J, is for who comes from \p From.
Value *valueFrom(Value *V, const Join &J, const BasicBlock *From) {
  auto *Phi = dyn_cast<PHINode>(V);
  return Phi && Phi->getParent() == &J.block()
             ? Phi->getIncomingValueForBlock(From)
             : V;
}

/// Leads the way from \p From past \p J.
void thread(const Join &J, BasicBlock &From, BasicBlock &To) {
  Instruction *End = From.getTerminator();
  if (!isa<BranchInst>(End) || count(successors(&From), &J.block()) != 1 ||
      is_contained(successors(&From), &To) || &To == &J.block())
    return;
  for (PHINode &Phi : To.phis())
    Phi.addIncoming(
        valueFrom(Phi.getIncomingValueForBlock(&J.block()), J, &From), &From);
  End->replaceSuccessorWith(&J.block(), &To);
  J.block().removePredecessor(&From, /*KeepOneInputPHIs=*/true);
}

void threadAll(const Join &J) {
  SmallVector<std::pair<BasicBlock *, ConstantInt *>, 8> Known;
  for (BasicBlock *From : predecessors(&J.block()))
    if (auto *Number =
            dyn_cast<ConstantInt>(J.Tested->getIncomingValueForBlock(From)))
      Known.push_back({From, Number});
  for (auto [From, Number] : Known)
    thread(J, *From, *targetFor(J, *Number));
}

} // namespace

void threadBranches(Function &F) {
  // Ways past a join that is no head make no other block one.
  LoopEdges Loops(F);
  for (BasicBlock &B : F)
    if (std::optional<Join> J = asJoin(B); J && !Loops.isHead(B))
      threadAll(*J);
}

} // namespace bpfcc
