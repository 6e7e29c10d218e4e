// Needs: IR that accesses variables of .bss, .data and .rodata. Gives: IR in
// which a function's accesses of one section start from one variable.
//
//   int a, b;                          load i32, @a
//   load i32, @a                  ->   store i32 %x, @a + 4
//   store i32 %x, @b
//
// An address takes two instruction slots, a distance in an access none. To the
// verifier the section is one map value, whatever variable a pointer started
// from, and loaders and linkers keep a section of an object in one piece. Weak
// variables may be replaced by another object's and stay by themselves; so does
// what file-scope assembly could shift.

#include "backend/prepare/DataSections.h"
#include "backend/prepare/Passes.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

namespace {

struct Place {
  unsigned Section;
  int64_t At;
};

/// Whether libbpf makes one map of \p Name, of which an access may reach all.
bool isDataMap(const DataSection &S) {
  StringRef Name(S.Name);
  return !S.EntrySize &&
         any_of(ArrayRef({".bss", ".data", ".rodata"}), [&](StringRef Known) {
           return Name.consume_front(Known) && (Name.empty() || Name[0] == '.');
         });
}

class SectionSharer {
public:
  explicit SectionSharer(const Module &M) : DL(M.getDataLayout()) {
    StringMap<std::pair<unsigned, int64_t>> Sections; // number and size
    for (const GlobalVariable &G : M.globals()) {
      if (!isPlaced(G))
        continue;
      DataSection S = dataSection(G);
      auto &[Number, Size] =
          Sections.try_emplace(S.Name, Sections.size(), 0).first->second;
      int64_t At = int64_t(alignTo(uint64_t(Size), dataAlign(G)));
      Size = At + int64_t(DL.getTypeAllocSize(G.getValueType()));
      if (isDataMap(S) && !G.getAddressSpace() &&
          (G.hasLocalLinkage() || G.hasExternalLinkage()))
        Places[&G] = {Number, At};
    }
  }

  void run(Function &F) {
    Bases.clear();
    for (Instruction &I : instructions(F)) {
      if (auto *Gep = dyn_cast<GetElementPtrInst>(&I)) {
        if (all_of(Gep->uses(), isAddress))
          share(I.getOperandUse(Gep->getPointerOperandIndex()));
      } else
        for (Use &U : I.operands())
          if (isAddress(U))
            share(U);
    }
  }

private:
  /// Whether \p U is what a load, a store or an atomic operation accesses.
  static bool isAddress(const Use &U) {
    const User *By = U.getUser();
    if (llvm::isa<LoadInst>(By))
      return true;
    if (llvm::isa<StoreInst>(By))
      return U.getOperandNo() == StoreInst::getPointerOperandIndex();
    return (llvm::isa<AtomicRMWInst>(By) || llvm::isa<AtomicCmpXchgInst>(By)) &&
           U.getOperandNo() == 0;
  }

  void share(Use &U) {
    APInt Off(DL.getIndexTypeSizeInBits(U->getType()), 0);
    auto *G = dyn_cast<GlobalVariable>(U->stripAndAccumulateConstantOffsets(
        DL, Off, /*AllowNonInbounds=*/true));
    auto It = G ? Places.find(G) : Places.end();
    if (It == Places.end())
      return;
    auto [Base, IsFirst] = Bases.try_emplace(It->second.Section, G);
    int64_t Distance = It->second.At - Places[Base->second].At;
    int64_t Sum;
    if (IsFirst || Base->second == G ||
        AddOverflow(Distance, Off.getSExtValue(), Sum) || !isInt<16>(Sum))
      return;
    LLVMContext &C = G->getContext();
    U.set(ConstantExpr::getGetElementPtr(
        Type::getInt8Ty(C), Base->second,
        ConstantInt::getSigned(Type::getInt64Ty(C), Sum)));
  }

  const DataLayout &DL;
  DenseMap<const GlobalVariable *, Place> Places;
  DenseMap<unsigned, GlobalVariable *> Bases; ///< of this function
};

} // namespace

void shareSections(Module &M) {
  if (!M.getModuleInlineAsm().empty())
    return;
  SectionSharer Sharer(M);
  for (Function &F : M)
    Sharer.run(F);
}

} // namespace bpfcc
