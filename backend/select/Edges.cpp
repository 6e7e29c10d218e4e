// Phis, and where the constants that flow into them are loaded.
//
// Early exits of BPF programs return constants through one phi:
//
//   bb1: br %c1, exit, bb2           JGT_RR .., out1, bb2
//   bb2: br %c2, exit, bb3      ->   JNE_RI .., out1, bb3
//   exit: phi [1, bb1], [1, bb2]     out1: %9 = MOV_RI 1; JA exit
//
// Edges that bring the same values share a block that loads them, so each
// check costs one instruction. A lone edge loads its constants before the
// branch; a constant that the branch has just found in a register is taken from
// there:
//
//   bb1: br (%x == 0), exit, bb2     exit: phi [0, bb1] is phi [%x, bb1]

#include "backend/prepare/Helper.h"
#include "backend/select/Selector.h"
#include "backend/target/Helpers.h"

#include "llvm/Analysis/BranchProbabilityInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

std::vector<const Value *> Selector::phiInputs(const BasicBlock &From,
                                               const BasicBlock &To) const {
  std::vector<const Value *> Inputs;
  for (const PHINode &Phi : To.phis())
    Inputs.push_back(Phi.getIncomingValueForBlock(&From));
  return Inputs;
}

/// Whether several blocks bring \p Inputs to \p To, and one of them branches.
bool Selector::sharesEdge(const BasicBlock &To,
                          const std::vector<const Value *> &Inputs) {
  auto [It, New] = EdgeCounts.try_emplace(&To);
  if (New)
    for (const BasicBlock *P : predecessors(&To))
      if (BlockOf.count(P)) {
        auto &[All, Branching] = It->second[phiInputs(*P, To)];
        ++All;
        Branching += succ_size(P) > 1;
      }
  auto [All, Branching] = It->second[Inputs];
  return All > 1 && Branching > 0;
}

/// Whether a verifier, too, takes \p V for a number where it is found equal to
/// one: not what may be a pointer that the verifier does not expect to be null.
static bool becomesNumber(const Value &V) {
  if (V.getType()->isIntegerTy() && V.getType()->getIntegerBitWidth() < 64)
    return true;
  const auto *Call = dyn_cast<CallBase>(&V);
  std::optional<int64_t> N =
      Call ? helperNumber(Call->getCalledOperand()) : std::nullopt;
  const target::HelperInfo *Helper =
      N && *N >= 0 ? target::helperById(unsigned(*N)) : nullptr;
  return Helper && (Helper->Result == target::RetKind::Int ||
                    target::mayBeNull(Helper->Result));
}

/// The value that the way from \p From to \p To has compared with \p C and
/// found equal, all 64 bits of it.
const Value *Selector::knownEqual(const BasicBlock &From, const BasicBlock &To,
                                  const Value *C) {
  const auto *Branch = dyn_cast<BranchInst>(From.getTerminator());
  if (!Branch || Branch->isUnconditional() ||
      Branch->getSuccessor(0) == Branch->getSuccessor(1))
    return nullptr;
  const auto *Compare = dyn_cast<ICmpInst>(Branch->getCondition());
  if (!Compare || !Compare->isEquality() ||
      Branch->getSuccessor(Compare->getPredicate() == CmpInst::ICMP_NE) != &To)
    return nullptr;
  const Value *X = Compare->getOperand(0);
  std::optional<APInt> Found = constantBits(Compare->getOperand(1));
  std::optional<APInt> Wanted = constantBits(C);
  // What a branch tests bits of needs no register itself.
  bool IsMask = X->hasOneUse() && match(X, m_And(m_Value(), m_Value()));
  if (!Found || !Wanted || IsMask || llvm::isa<Constant>(X) ||
      !becomesNumber(*X) || Wanted->isNegative() || Found->isNegative() ||
      Found->getBitWidth() > 64 || Wanted->getBitWidth() > 64 ||
      Found->getZExtValue() != Wanted->getZExtValue() ||
      !Uppers.isZeroExtended(X, 64))
    return nullptr;
  return X;
}

void Selector::loadPhiConstants(const BasicBlock &From, const BasicBlock &To,
                                bool Shared) {
  for (const PHINode &Phi : To.phis()) {
    const Value *V = Phi.getIncomingValueForBlock(&From);
    const Value *Known = Shared ? nullptr : knownEqual(From, To, V);
    if (llvm::isa<Constant>(V) || llvm::isa<AllocaInst>(V))
      PhiConstants[{&Phi, &From}] = reg(Known ? Known : V);
  }
}

mir::BlockId Selector::edge(const BasicBlock &From, const BasicBlock &To) {
  std::vector<const Value *> Inputs = phiInputs(From, To);
  bool HasConstants = any_of(Inputs, [](const Value *V) {
    return llvm::isa<Constant>(V) || llvm::isa<AllocaInst>(V);
  });
  if (!HasConstants)
    return BlockOf[&To];
  float Times = Frequencies[BlockOf[&From]];
  float Frequency =
      Times * Probabilities->getEdgeProbability(&From, &To).getNumerator() /
      float(BranchProbability::getDenominator());
  // The way out of a loop does not cost its turns anything.
  constexpr float Rare = 0.125f;
  bool LeavesLoop =
      Options.Model != CostModel::Slots && Frequencies[BlockOf[&To]] < Times &&
      (Options.Model == CostModel::Steps || Frequency < Rare * Times);
  if (!sharesEdge(To, Inputs) && !LeavesLoop) {
    loadPhiConstants(From, To);
    return BlockOf[&To];
  }
  auto [It, New] = SharedEdges.try_emplace({&To, Inputs}, 0);
  if (!New) {
    Out.Blocks[It->second].Frequency += Frequency;
    return It->second;
  }
  BlockId Resume = Current;
  auto Saved = std::tuple(Numbers, FrameAddresses, SymbolAddresses, Extensions,
                          KernelAddresses);
  BlockId Block = newBlock(Frequency);
  It->second = Block;
  startBlock(Block);
  IrBlock[Block] = &From;
  int32_t Loc = CurrentLoc;
  CurrentLoc = mir::None;
  loadPhiConstants(From, To, /*Shared=*/true);
  emitJump(BlockOf[&To]);
  CurrentLoc = Loc;
  Current = Resume;
  std::tie(Numbers, FrameAddresses, SymbolAddresses, Extensions,
           KernelAddresses) = std::move(Saved);
  return Block;
}

void Selector::fillPhis() {
  for (BlockId Id = 0; Id < Out.Blocks.size(); ++Id)
    for (BlockId T : Out.Blocks[Id].Insts.back().Targets)
      Out.Blocks[T].Preds.push_back(Id);
  for (const Join &J : Joins) {
    mir::Inst &Phi = Out.Blocks[J.Block].Insts.front();
    for (BlockId P : Out.Blocks[J.Block].Preds)
      Phi.Uses.push_back(P == J.FalsePred ? J.False : J.True);
  }
  for (const BasicBlock &B : F) {
    auto It = BlockOf.find(&B);
    if (It == BlockOf.end())
      continue;
    mir::Block &Block = Out.Blocks[It->second];
    size_t Index = 0;
    for (const PHINode &Phi : B.phis()) {
      mir::Inst &I = Block.Insts[Index++];
      CurrentInst = &Phi;
      for (BlockId P : Block.Preds) {
        const BasicBlock *From = IrBlock[P];
        auto Constant = PhiConstants.find({&Phi, From});
        const Value *V = Phi.getIncomingValueForBlock(From);
        I.Uses.push_back(Constant != PhiConstants.end() ? Constant->second
                                                        : reg(V));
      }
    }
  }
}

} // namespace bpfcc
