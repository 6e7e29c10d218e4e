// clang -flto runs the passes of LLVM's BPF target before it writes bitcode.
// They make of each CO-RE access a load of a variable that is nowhere, and hide
// its result from the passes that follow:
//
//   @"llvm.task:0:8$0:1" = external global i64, !llvm.preserve.access.index !t
//   %o = load i64, ptr @"llvm.task:0:8$0:1"     %o = call i64
//   @bpfcc.core.0.8.0:1# %p = getelementptr i8, ptr %t, i64 %o   ->  %p =
//   getelementptr i8, %t, %o %q = call ptr @llvm.bpf.passthrough(%p)
//
// The name says type, kind, value and access; of a type's number
// (`llvm.btf_type_id.N$KIND`) the kind alone.

#include "frontend/core/LiftMarkers.h"

#include "frontend/core/Core.h"
#include "frontend/core/FieldInfo.h"
#include "support/Diagnostic.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsBPF.h"

using namespace llvm;

namespace bpfcc {

namespace {

struct Parts {
  unsigned Kind;
  int64_t Value;
  StringRef Access;
};

std::optional<Parts> partsOf(const GlobalVariable &G) {
  auto [Front, Access] = G.getName().rsplit('$');
  Parts P{0, 0, Access};
  if (G.hasAttribute("btf_type_id")) {
    if (Access.getAsInteger(10, P.Kind))
      return std::nullopt;
    P.Access = "0";
    return P;
  }
  auto [Rest, Value] = Front.rsplit(':');
  StringRef Kind = Rest.rsplit(':').second;
  uint64_t Unsigned;
  if (Kind.getAsInteger(10, P.Kind) || Access.empty())
    return std::nullopt;
  if (Value.getAsInteger(10, P.Value)) {
    if (Value.getAsInteger(10, Unsigned))
      return std::nullopt;
    P.Value = int64_t(Unsigned);
  }
  return P;
}

Error bad(const Twine &What) {
  return diagError(DiagCode::BadObject, {}, What.str());
}

} // namespace

static Error replaceLoads(GlobalVariable &G, Function &Marker) {
  for (User *U : make_early_inc_range(G.users())) {
    auto *Load = dyn_cast<LoadInst>(U);
    if (!Load || !Load->getType()->isIntegerTy())
      return bad("CO-RE variable `" + G.getName() + "` is not only loaded");
    IRBuilder<> Builder(Load);
    Load->replaceAllUsesWith(Builder.CreateZExtOrTrunc(
        Builder.CreateCall(&Marker), Load->getType()));
    Load->eraseFromParent();
  }
  return Error::success();
}

Error liftCoreMarkers(Module &M, StringRef Suffix) {
  unsigned Count = 0;
  for (GlobalVariable &G : make_early_inc_range(M.globals())) {
    if (!G.hasAttribute("btf_ama") && !G.hasAttribute("btf_type_id"))
      continue;
    auto P = partsOf(G);
    auto *Root = dyn_cast_or_null<DIType>(
        G.getMetadata(LLVMContext::MD_preserve_access_index));
    if (!P || !Root)
      return bad("CO-RE variable `" + G.getName() + "` has no access or type");
    Function &Marker =
        createCoreMarker(M, CoreKind(P->Kind), P->Value, P->Access, *Root,
                         (Suffix + Twine(Count++)).str());
    if (Error E = replaceLoads(G, Marker))
      return E;
    G.eraseFromParent();
  }
  for (Function &F : make_early_inc_range(M)) {
    if (F.getIntrinsicID() != Intrinsic::bpf_passthrough)
      continue;
    for (User *U : make_early_inc_range(F.users())) {
      auto *Call = cast<CallInst>(U);
      Call->replaceAllUsesWith(Call->getArgOperand(1));
      Call->eraseFromParent();
    }
    F.eraseFromParent();
  }
  return Error::success();
}

} // namespace bpfcc
