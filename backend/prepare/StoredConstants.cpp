// Needs: loads and stores as wide as they will be. Gives: IR that does not
// store constants where they are.
//
//   store i32 0, %key               store i32 0, %key
//   br %ip, Parse, Join             br %ip, Parse, Rest
//   Parse: br Join            ->    Parse: store i32 %p, %key
//   Join: phi [0, ..], [%p, Parse]         br Rest
//         store phi, %key           Rest:
//         (the rest)
//
// What the stack is known to hold is followed forwards through the function,
// byte by byte, once: where a way back enters, nothing is known. A store of a
// constant that is there already goes; where only some ways to a store bring
// such a constant, they pass it by. Programs set a key to 0 at its declaration
// and to what the parsers return later, and each parser returns 0 for what is
// too short. What a call may write, or keep the address of, is unknown behind
// any call and any store through another pointer.

#include "backend/prepare/Passes.h"
#include "backend/prepare/PlainMemory.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace bpfcc {

using namespace llvm;

namespace {

constexpr int16_t Unknown = -1;
using Bytes = std::vector<int16_t>; ///< of all objects, one behind the other

struct Object {
  unsigned Start, Size;
  bool Escapes = false;
};

class Constants {
public:
  explicit Constants(Function &F) : F(F), DL(F.getDataLayout()) {
    unsigned Total = 0;
    for (Instruction &I : F.getEntryBlock()) {
      auto *A = dyn_cast<AllocaInst>(&I);
      std::optional<TypeSize> Size =
          A ? A->getAllocationSize(DL) : std::nullopt;
      constexpr unsigned Most = 512;
      if (!Size || Size->isScalable() || Total + *Size > Most)
        continue;
      Objects[A] = {Total, unsigned(*Size), escapes(*A)};
      Total += unsigned(*Size);
    }
    Nothing.assign(Total, Unknown);
  }

  void run() {
    constexpr size_t MostBytes = size_t(1) << 22;
    if (Objects.empty() || F.size() * Nothing.size() > MostBytes)
      return;
    ReversePostOrderTraversal<Function *> Order(&F);
    for (BasicBlock *B : Order)
      block(*B);
    for (StoreInst *S : Needless)
      S->eraseFromParent();
    // Blocks that are made here stand behind those that they come from.
    for (BasicBlock *B : Order)
      passBy(*B);
  }

private:
  static bool escapes(const AllocaInst &A) {
    SmallVector<const Value *, 8> Work{&A};
    while (!Work.empty())
      for (const Use &U : Work.pop_back_val()->uses()) {
        const User *By = U.getUser();
        if (const auto *GEP = dyn_cast<GetElementPtrInst>(By);
            GEP && GEP->hasAllConstantIndices())
          Work.push_back(By);
        else if (!isa<LoadInst>(By) && !isWrittenTo(U) && !isOnlyRead(U))
          return true;
      }
    return false;
  }

  static bool isWrittenTo(const Use &U) {
    return isa<StoreInst>(U.getUser()) &&
           U.getOperandNo() == StoreInst::getPointerOperandIndex();
  }

  /// Where in Bytes \p S writes, if that is in one object.
  std::optional<unsigned> placeOf(const StoreInst &S, unsigned &Size) const {
    Extent E = extentOf(S);
    auto It = Objects.find(dyn_cast<AllocaInst>(E.Base));
    Size = E.Bytes;
    if (It == Objects.end() || E.Offset < 0 ||
        uint64_t(E.Offset) + E.Bytes > It->second.Size)
      return std::nullopt;
    return It->second.Start + unsigned(E.Offset);
  }

  int16_t byteOf(const APInt &Bits, unsigned N, unsigned Size) const {
    unsigned At = DL.isBigEndian() ? Size - 1 - N : N;
    return int16_t(Bits.extractBitsAsZExtValue(8, At * 8));
  }

  bool holds(const Bytes &State, unsigned At, const APInt &Bits) const {
    unsigned Size = Bits.getBitWidth() / 8;
    for (unsigned N = 0; N < Size; ++N)
      if (State[At + N] != byteOf(Bits, N, Size))
        return false;
    return true;
  }

  Bytes entry(const BasicBlock &B) const {
    Bytes State;
    for (const BasicBlock *P : predecessors(&B)) {
      auto It = Exit.find(P);
      if (It == Exit.end())
        return Nothing;
      if (State.empty())
        State = It->second;
      else
        for (size_t N = 0; N < State.size(); ++N)
          if (State[N] != It->second[N])
            State[N] = Unknown;
    }
    return State.empty() ? Nothing : State;
  }

  void block(BasicBlock &B) {
    Bytes State = entry(B);
    for (Instruction &I : B) {
      auto *S = dyn_cast<StoreInst>(&I);
      unsigned Size = 0;
      std::optional<unsigned> At = S ? placeOf(*S, Size) : std::nullopt;
      if (At) {
        std::optional<APInt> Bits = constantBits(S->getValueOperand(), Size);
        if (Bits && S->isSimple() && holds(State, *At, *Bits))
          Needless.push_back(S);
        for (unsigned N = 0; N < Size; ++N)
          State[*At + N] = Bits ? byteOf(*Bits, N, Size) : Unknown;
      } else if (I.isLifetimeStartOrEnd()) {
        forget(State, /*All=*/true);
      } else if (I.mayWriteToMemory()) {
        forget(State, /*All=*/false);
      }
    }
    Exit[&B] = std::move(State);
  }

  void forget(Bytes &State, bool All) const {
    for (const auto &[A, O] : Objects)
      if (All || O.Escapes)
        std::fill_n(State.begin() + O.Start, O.Size, Unknown);
  }

  /// The store of a phi of \p B, extended or not, that comes before all else.
  static StoreInst *firstStore(BasicBlock &B) {
    Instruction *First = &*B.getFirstNonPHIIt();
    auto *Extend = dyn_cast<ZExtInst>(First);
    auto *S =
        dyn_cast_or_null<StoreInst>(Extend ? First->getNextNode() : First);
    if (!S || !S->isSimple() ||
        (Extend && (S->getValueOperand() != Extend || !Extend->hasOneUse())))
      return nullptr;
    const PHINode *Phi = phiOf(*S);
    return Phi && Phi->getParent() == &B && Phi->hasOneUse() ? S : nullptr;
  }

  static PHINode *phiOf(StoreInst &S) {
    Value *V = S.getValueOperand();
    if (auto *Extend = dyn_cast<ZExtInst>(V))
      V = Extend->getOperand(0);
    return dyn_cast<PHINode>(V);
  }

  void passBy(BasicBlock &B) {
    StoreInst *S = firstStore(B);
    unsigned Size = 0;
    std::optional<unsigned> At = S ? placeOf(*S, Size) : std::nullopt;
    if (!At)
      return;
    PHINode *Value = phiOf(*S);
    SmallVector<BasicBlock *, 4> Passing;
    for (unsigned N = 0; N < Value->getNumIncomingValues(); ++N) {
      BasicBlock *P = Value->getIncomingBlock(N);
      std::optional<APInt> Bits =
          constantBits(Value->getIncomingValue(N), Size);
      auto It = Exit.find(P);
      if (Bits && P != &B && It != Exit.end() &&
          holds(It->second, *At, *Bits) &&
          isa<BranchInst>(P->getTerminator()) && count(successors(P), &B) == 1)
        Passing.push_back(P);
    }
    if (Passing.empty() || Passing.size() == Value->getNumIncomingValues())
      return;
    BasicBlock *Rest = B.splitBasicBlock(std::next(S->getIterator()));
    for (PHINode &Phi : make_early_inc_range(B.phis()))
      if (&Phi != Value)
        bring(Phi, B, *Rest, Passing);
    for (BasicBlock *P : Passing) {
      P->getTerminator()->replaceSuccessorWith(&B, Rest);
      B.removePredecessor(P, /*KeepOneInputPHIs=*/true);
    }
  }

  /// \p Phi of \p B, for \p Rest, which \p Passing enter too. A phi of \p B
  /// that takes it does so on a way back, behind \p Rest.
  static void bring(PHINode &Phi, BasicBlock &B, BasicBlock &Rest,
                    ArrayRef<BasicBlock *> Passing) {
    PHINode *New = PHINode::Create(Phi.getType(), Phi.getNumIncomingValues(),
                                   "", Rest.begin());
    New->setDebugLoc(Phi.getDebugLoc());
    Phi.replaceUsesWithIf(New, [&](Use &U) {
      auto *I = cast<Instruction>(U.getUser());
      return I->getParent() != &B || isa<PHINode>(I);
    });
    New->addIncoming(&Phi, &B);
    for (BasicBlock *P : Passing)
      New->addIncoming(Phi.getIncomingValueForBlock(P), P);
  }

  Function &F;
  const DataLayout &DL;
  DenseMap<const AllocaInst *, Object> Objects;
  Bytes Nothing;
  DenseMap<const BasicBlock *, Bytes> Exit;
  SmallVector<StoreInst *, 8> Needless;
};

} // namespace

void skipStoredConstants(Function &F) { Constants(F).run(); }

} // namespace bpfcc
