// Bitcode of several files becomes one module.
//
// needs: bitcode as Clang emits it with -flto, by bpfcc or by clang
// gives: one module, of which only programs, variables and what others know are
//        external
//
//   a.o  xdp: prog calls add           ->  xdp: prog
//   b.o  add calls step; unused            static add, step; static unused
//
// What is local may be inlined, and goes if nothing calls it. Variables stay as
// they are: a loader finds them by their names and sets them.
//
// LLVM's linker would take two maps of one name for a mistake, where they are
// one map that two files describe: all but the first become declarations.
//
// Whether the files fit together is not asked here: our own link asks that of
// objects made of outlines.

#include "frontend/lto/MergeModules.h"

#include "frontend/core/Core.h"
#include "frontend/core/LiftMarkers.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Linker/Linker.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace bpfcc {

/// What differs between compilers and says nothing of the program.
static void makeAlike(Module &M) {
  bool IsBig = M.getDataLayout().isBigEndian();
  M.setTargetTriple(Triple(IsBig ? "bpfeb" : "bpfel"));
  M.setDataLayout(IsBig ? "E-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
                        : "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128");
  for (const char *Name : {"llvm.module.flags", "llvm.ident"})
    if (NamedMDNode *Node = M.getNamedMetadata(Name))
      Node->eraseFromParent();
  M.addModuleFlag(Module::Warning, "Debug Info Version",
                  DEBUG_METADATA_VERSION);
  for (Function &F : M) {
    F.removeFnAttr("target-cpu");
    F.removeFnAttr("target-features");
  }
}

Expected<std::unique_ptr<Module>> readModule(StringRef Bytes, StringRef Name,
                                             size_t Number,
                                             LLVMContext &Context) {
  auto Bad = [&](const Twine &Why) {
    return diagError(DiagCode::BadObject, {Name.str(), 0, 0}, Why.str());
  };
  auto M = parseBitcodeFile(MemoryBufferRef(Bytes, Name), Context);
  if (!M)
    return Bad(toString(M.takeError()));
  if (const Triple &For = (*M)->getTargetTriple(); !For.isBPF())
    return Bad("it is bitcode for `" + For.str() + "`, not for BPF");
  makeAlike(**M);
  if (Error E = liftCoreMarkers(**M, utostr(Number) + "."))
    return Bad(takeMessages(std::move(E)));
  return M;
}

/// The uses of names from elsewhere, with their places.
static std::vector<std::pair<GlobalValue *, DebugLoc>>
foreignUses(const Function &F) {
  std::vector<std::pair<GlobalValue *, DebugLoc>> Uses;
  DenseSet<const GlobalValue *> Seen;
  for (const Instruction &I : instructions(F))
    for (Value *Operand : I.operands())
      if (auto *G = dyn_cast<GlobalValue>(Operand->stripPointerCasts());
          G && G->isDeclaration() && !G->getName().starts_with("llvm.") &&
          !G->getName().starts_with(CoreMarkerPrefix) && Seen.insert(G).second)
        Uses.push_back({G, I.getDebugLoc()});
  return Uses;
}

static void outline(Function &F) {
  auto Uses = foreignUses(F);
  DISubprogram *Described = F.getSubprogram();
  auto Linkage = F.getLinkage();
  F.deleteBody();
  F.setLinkage(Linkage);
  F.setSubprogram(Described);
  IRBuilder<> Builder(BasicBlock::Create(F.getContext(), "", &F));
  for (auto &[G, At] : Uses) {
    Builder.SetCurrentDebugLocation(At);
    if (auto *Callee = dyn_cast<Function>(G)) {
      SmallVector<Value *, 5> Args;
      for (Type *T : Callee->getFunctionType()->params())
        Args.push_back(Constant::getNullValue(T));
      Builder.CreateCall(Callee, Args);
    } else {
      Builder.CreateLoad(Builder.getInt8Ty(), G, /*isVolatile=*/true);
    }
  }
  Builder.SetCurrentDebugLocation(DebugLoc());
  if (F.getReturnType()->isVoidTy())
    Builder.CreateRetVoid();
  else
    Builder.CreateRet(Constant::getNullValue(F.getReturnType()));
}

void outline(Module &M) {
  for (Function &F : M)
    if (!F.isDeclaration())
      outline(F);
}

namespace {

/// What LLVM says while it links.
class Listener : public DiagnosticHandler {
public:
  explicit Listener(std::string &Said) : Said(Said) {}
  bool handleDiagnostics(const DiagnosticInfo &Info) override {
    if (Info.getSeverity() != DS_Error)
      return true;
    raw_string_ostream OS(Said);
    DiagnosticPrinterRawOStream Printer(OS);
    Info.print(Printer);
    return true;
  }

private:
  std::string &Said;
};

} // namespace

static void declareAgain(Module &M, StringSet<> &Defined) {
  for (GlobalVariable &V : M.globals()) {
    StringRef Section = V.getSection();
    if (!V.hasExternalLinkage() || V.isDeclaration() ||
        (Section != ".maps" && Section != "license" && Section != "version") ||
        Defined.insert(V.getName()).second)
      continue;
    V.setInitializer(nullptr);
    V.setSection("");
    V.setComdat(nullptr);
  }
}

/// A program names by a tag the function that the kernel calls where it throws;
/// that has to be a global one.
static void keepCallbacks(const Function &Program, StringSet<> &Kept) {
  const DISubprogram *P = Program.getSubprogram();
  if (!P || !P->getAnnotations())
    return;
  for (const Metadata *Tag : P->getAnnotations()->operands())
    if (auto *Pair = dyn_cast_or_null<MDNode>(Tag);
        Pair && Pair->getNumOperands() == 2)
      if (auto *Text = dyn_cast_or_null<MDString>(Pair->getOperand(1)))
        if (StringRef Name = Text->getString();
            Name.consume_front("exception_callback:"))
          Kept.insert(Name);
}

static void makeLocal(Module &M, StringSet<> Kept) {
  for (const Function &F : M)
    keepCallbacks(F, Kept);
  for (Function &F : M) {
    bool IsProgram = F.hasSection() && F.getSection() != ".text";
    if (F.isDeclaration() || F.hasLocalLinkage() || IsProgram ||
        Kept.contains(F.getName()))
      continue;
    F.setComdat(nullptr);
    F.setVisibility(GlobalValue::DefaultVisibility);
    F.setLinkage(GlobalValue::InternalLinkage);
  }
}

Expected<std::unique_ptr<Module>>
mergeModules(std::vector<std::unique_ptr<Module>> Modules,
             const MergeOptions &Options) {
  StringSet<> Defined;
  for (auto &M : Modules)
    declareAgain(*M, Defined);
  std::unique_ptr<Module> All = std::move(Modules.front());
  std::string Said;
  All->getContext().setDiagnosticHandler(std::make_unique<Listener>(Said));
  Linker L(*All);
  for (auto &M : drop_begin(Modules)) {
    std::string Name = M->getModuleIdentifier();
    if (L.linkInModule(std::move(M)))
      return diagError(DiagCode::BadObject, {Name, 0, 0}, Said);
  }
  All->getContext().setDiagnosticHandler(std::make_unique<DiagnosticHandler>());
  if (!Options.Partial)
    makeLocal(*All, Options.Kept);
  return std::move(All);
}

} // namespace bpfcc
