// Needs: any IR. Gives: IR in which accesses of memory that may be read and
// written in any width are marked; for a machine whose kernel takes misaligned
// ones they also say that they are aligned, so that the steps that follow make
// each as wide as its value.
//
//   %d = load i32, %ctx             %d = load i32, %ctx
//   %p = inttoptr (zext %d)   ->    %p = inttoptr (zext %d)
//   load i32, %p, align 2           load i32, %p, align 8
//
// Such memory is: packets, which only an inttoptr of 32 bits can point to; map
// values, the memory of ring buffers and dynptrs, as helpers return them;
// global variables; arenas. The verifier wants the stack aligned on each
// machine, a context to be read as it lists, and kernel structures by whole
// members: what may point there, or anywhere, keeps its alignment. Pointers are
// followed forwards from what is strict, through arguments of static functions
// too, each once (check_ptr_alignment() and its callees in Linux's verifier.c).

#include "backend/prepare/Passes.h"
#include "backend/prepare/PlainMemory.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"

namespace bpfcc {

using namespace llvm;

namespace {

constexpr uint64_t AsAligned = 8;

bool isStatic(const Function &F) {
  return F.hasLocalLinkage() && !F.hasAddressTaken();
}

/// Whether \p V, a pointer, points where one of its operands does.
bool passesOn(const Value &V) {
  return isa<GEPOperator, PHINode, SelectInst, FreezeInst,
             AddrSpaceCastOperator>(V);
}

/// Whether \p V points, by itself, to memory that may want alignment.
bool startsStrict(const Value &V) {
  if (V.getType()->getPointerAddressSpace() == 1)
    return false;
  if (const auto *A = dyn_cast<Argument>(&V))
    return !isStatic(*A->getParent());
  if (const auto *Call = dyn_cast<CallBase>(&V))
    return !givesMemory(*Call);
  return !passesOn(V) && !isPacket(V);
}

bool isStrictGlobal(const GlobalObject &G) {
  return !isa<GlobalVariable>(G) || G.getSection().starts_with(".ksyms");
}

class Strictness {
public:
  explicit Strictness(Module &M) {
    for (GlobalObject &G : M.global_objects())
      if (isStrictGlobal(G))
        add(G);
    for (Function &F : M) {
      for (Argument &A : F.args())
        addIfStrict(A);
      for (Instruction &I : instructions(F))
        addIfStrict(I);
    }
    while (!Work.empty())
      spread(*Work.pop_back_val());
  }

  /// Whether what \p Address points to may want alignment.
  bool contains(const Value &Address) const {
    if (isa<Constant>(Address)) {
      const auto *G = dyn_cast<GlobalObject>(getUnderlyingObject(&Address));
      return !G || isStrictGlobal(*G);
    }
    return Strict.contains(&Address);
  }

private:
  void add(Value &V) {
    if (Strict.insert(&V).second)
      Work.push_back(&V);
  }
  void addIfStrict(Value &V) {
    if (V.getType()->isPointerTy() && startsStrict(V))
      add(V);
  }

  void spread(Value &V) {
    for (Use &U : V.uses()) {
      User *At = U.getUser();
      if (auto *Call = dyn_cast<CallBase>(At)) {
        Function *Callee = Call->getCalledFunction();
        if (Callee && isStatic(*Callee) && Call->isArgOperand(&U) &&
            Call->getArgOperandNo(&U) < Callee->arg_size())
          add(*Callee->getArg(Call->getArgOperandNo(&U)));
      } else if (At->getType()->isPointerTy() && passesOn(*At)) {
        add(*At);
      }
    }
  }

  SmallPtrSet<const Value *, 32> Strict;
  SmallVector<Value *, 32> Work;
};

bool isLibraryCall(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  return Callee && Callee->isDeclaration() && !Callee->isIntrinsic() &&
         !Callee->hasSection();
}

void mark(Instruction &I, const Strictness &Strict, bool Misaligned) {
  auto Takes = [&](const Value *Address) { return !Strict.contains(*Address); };
  auto MarkAccess = [&](auto &Access) {
    if (Access.isAtomic() || !Takes(Access.getPointerOperand()))
      return;
    Access.setMetadata(PlainAccess, MDNode::get(I.getContext(), {}));
    if (Misaligned)
      Access.setAlignment(std::max(Access.getAlign(), Align(AsAligned)));
  };
  if (auto *Load = dyn_cast<LoadInst>(&I)) {
    MarkAccess(*Load);
  } else if (auto *Store = dyn_cast<StoreInst>(&I)) {
    MarkAccess(*Store);
  } else if (auto *Call = dyn_cast<CallBase>(&I); Call && Misaligned) {
    if (isa<MemIntrinsic>(Call) || isLibraryCall(*Call))
      for (Use &Arg : Call->args())
        if (Arg->getType()->isPointerTy() && Takes(Arg.get()))
          Call->addParamAttr(
              Call->getArgOperandNo(&Arg),
              Attribute::getWithAlignment(I.getContext(), Align(AsAligned)));
  }
}

} // namespace

void markAccesses(Module &M, bool Misaligned) {
  Strictness Strict(M);
  for (Function &F : M)
    for (Instruction &I : instructions(F))
      mark(I, Strict, Misaligned);
}

} // namespace bpfcc
