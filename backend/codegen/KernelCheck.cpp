// What the kernels of -mkernel= lack.
//
// A kernel looks at every instruction of a program, also at those that it will
// find dead. So the finished code tells what it needs:
//
//   r1 = atomic_fetch_add((u64 *)(r2 + 0), r1)   -> Atomics, Linux 5.12
//   call bpf_iter_num_new                        -> Kfuncs, Linux 5.13
//   r2 = callback ll                             -> FunctionPointers, 5.13
//
// Not so for what a loader can resolve to nothing: weak kernel functions and
// variables.

#include "backend/codegen/KernelCheck.h"

#include "backend/isa/Encoding.h"
#include "support/Diagnostic.h"

namespace bpfcc {

using namespace llvm;
using target::Feature;

static std::optional<Feature> featureOf(isa::Op O) {
  using isa::Op;
  switch (O) {
#define BOTH(Name)                                                             \
  case Op::Name##32:                                                           \
  case Op::Name##64:
    BOTH(ATOMIC_OR)
    BOTH(ATOMIC_AND)
    BOTH(ATOMIC_XOR)
    BOTH(FETCH_ADD)
    BOTH(FETCH_OR)
    BOTH(FETCH_AND)
    BOTH(FETCH_XOR)
    BOTH(XCHG)
    BOTH(CMPXCHG)
#undef BOTH
    return Feature::Atomics;
  case Op::MAY_GOTO:
    return Feature::MayGoto;
  case Op::ADDR_SPACE_CAST:
    return Feature::Arena;
  case Op::LOAD_ACQ_B:
  case Op::LOAD_ACQ_H:
  case Op::LOAD_ACQ_W:
  case Op::LOAD_ACQ_DW:
  case Op::STORE_REL_B:
  case Op::STORE_REL_H:
  case Op::STORE_REL_W:
  case Op::STORE_REL_DW:
    return Feature::LoadAcquire;
  default:
    return std::nullopt;
  }
}

static std::optional<Feature> featureOf(const CodeFixup &Fixup,
                                        const Module &M) {
  const GlobalValue *G = M.getNamedValue(Fixup.Symbol);
  bool IsFunction = isa_and_nonnull<Function>(G);
  if (Fixup.K == CodeFixup::Call) {
    if (!G || !G->isDeclaration())
      return Feature::Subprograms;
    if (G->hasExternalWeakLinkage() || G->getSection() != ".ksyms")
      return std::nullopt;
    return G->getName() == "bpf_throw" ? Feature::Exceptions : Feature::Kfuncs;
  }
  if (IsFunction)
    return G->isDeclaration() ? std::nullopt
                              : std::optional(Feature::FunctionPointers);
  bool IsMap =
      G && (G->getSection() == "maps" || G->getSection().starts_with(".maps"));
  if (!G || G->isDeclaration() || IsMap)
    return std::nullopt;
  return Feature::GlobalData;
}

Error checkKernels(const CodeFunction &F, const Module &M,
                   ArrayRef<target::KernelProfile> Kernels) {
  if (Kernels.empty())
    return Error::success();
  Error Errors = Error::success();
  std::bitset<target::NumFeatures> Told;
  auto Need = [&](std::optional<Feature> Which, uint32_t Inst) {
    if (!Which || Told[unsigned(*Which)])
      return;
    auto *Lacking =
        find_if(Kernels, [&](const auto &K) { return !K.has(*Which); });
    if (Lacking == Kernels.end())
      return;
    Told.set(unsigned(*Which));
    SourceLoc Loc;
    for (const CodeLine &L : F.Lines)
      if (L.Inst <= Inst)
        Loc = {L.File, L.Line, L.Column};
    const target::FeatureInfo &Info = featureInfo(*Which);
    Errors = joinErrors(std::move(Errors),
                        diagError(DiagCode::KernelLacks, Loc, Lacking->Name,
                                  Info.Text, toString(Info.Since)));
  };
  auto Fixup = F.Fixups.begin();
  for (uint32_t I = 0; I < F.Insts.size(); ++I) {
    Need(featureOf(F.Insts[I].Opcode), I);
    for (; Fixup != F.Fixups.end() && Fixup->Inst == I; ++Fixup)
      Need(featureOf(*Fixup, M), I);
  }
  return Errors;
}

} // namespace bpfcc
