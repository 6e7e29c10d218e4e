// Calls of kernel functions. Those of kfuncs.def are known; a program that
// calls another cannot be judged.
//
// An open-coded iterator is a loop that the kernel ends: next() gives an
// element or null. The path on which it goes on is put aside with what changes
// from round to round widened; the path on which it has ended is followed.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;

enum IteratorState : uint32_t { Active = 1, Drained = 2 };

bool Verifier::iteratorSlot(unsigned RegNo, uint32_t &FrameNo, unsigned &Slot) {
  const Reg &R = reg(RegNo);
  if (!R.is(Kind::Stack) || !R.Value.isConstant())
    return failAbout(DiagCode::BadIterator, R,
                     Twine("an iterator lies on the stack at a constant "
                           "place, this is ") +
                         kindName(R));
  int64_t Off = R.minOff();
  if (Off % 8 || Off > -8 || Off < -MaxStack)
    return failAbout(DiagCode::BadIterator, R,
                     "no iterator lies at offset " + Twine(Off) +
                         " of the stack");
  FrameNo = R.Index;
  growStack(FrameNo, Off);
  Slot = unsigned((-Off - 1) / 8);
  return true;
}

bool Verifier::iteratorNew(Call &C) {
  uint32_t FrameNo;
  unsigned Slot;
  if (!iteratorSlot(isa::R1, FrameNo, Slot))
    return false;
  StackSlot &S = slot(FrameNo, Slot);
  if (S.isSpecial())
    return fail(DiagCode::BadIterator,
                "an iterator is begun where another one or a dynptr lies",
                "destroy that one first");
  for (unsigned N : {isa::R2, isa::R3}) {
    if (!read(N))
      return false;
    if (!reg(N).isScalar())
      return failAbout(DiagCode::HelperArgument, reg(N),
                       "a bound of the loop must be a number");
  }
  S.Bytes.fill(Byte::Iter);
  S.Spill = Reg();
  S.Spill.Index = Active;
  S.Spill.Ref = acquire("an iterator");
  S.Spill.Node = Graph.define(Pc);
  (void)C;
  return true;
}

bool Verifier::iteratorNext(Call &C) {
  uint32_t FrameNo;
  unsigned Slot;
  if (!iteratorSlot(isa::R1, FrameNo, Slot))
    return false;
  if (slot(FrameNo, Slot).Bytes[0] != Byte::Iter)
    return fail(DiagCode::BadIterator,
                "`" + C.Name +
                    "` wants an iterator that was begun on this "
                    "path",
                "call bpf_iter_num_new() first, or use bpf_for()");
  Graph.markRead(slot(FrameNo, Slot).Spill.Node);
  if (slot(FrameNo, Slot).Spill.Index != Drained) {
    State More = Cur;
    State Saved = std::move(Cur);
    Cur = std::move(More);
    if (const State *Before = previousAt(Pc))
      widen(*Before, Cur);
    StackSlot &S = slot(FrameNo, Slot);
    ++S.Spill.Size; // the round
    clearCallerSaved();
    Reg Element;
    Element.K = Kind::Mem;
    Element.Size = 4;
    Element.Flags = ReadOnly;
    Element.Ref = S.Spill.Ref;
    Element.Value = Scalar::constant(0);
    define(isa::R0, Element);
    More = std::move(Cur);
    Cur = std::move(Saved);
    if (!push(std::move(More), Pc + 1))
      return false;
    slot(FrameNo, Slot).Spill.Index = Drained;
  }
  clearCallerSaved();
  define(isa::R0, constantScalar(0));
  return true;
}

bool Verifier::iteratorDestroy(Call &C) {
  uint32_t FrameNo;
  unsigned Slot;
  if (!iteratorSlot(isa::R1, FrameNo, Slot))
    return false;
  StackSlot &S = slot(FrameNo, Slot);
  if (S.Bytes[0] != Byte::Iter)
    return fail(DiagCode::BadIterator,
                "`" + C.Name +
                    "` wants an iterator that was begun on this "
                    "path");
  Graph.markRead(S.Spill.Node);
  uint32_t Ref = S.Spill.Ref;
  S = StackSlot();
  S.Spill.Node = Graph.define(Pc);
  return releaseReference(Ref);
}

bool Verifier::sectionCall(StringRef Name, bool &Known) {
  Known = true;
  if (Name == "bpf_rcu_read_lock") {
    if (Cur.InRcu() && before(6, 18))
      return fail(DiagCode::LockMisuse, "an RCU section inside another one");
    ++Cur.RcuDepth;
  } else if (Name == "bpf_rcu_read_unlock") {
    if (!Cur.InRcu())
      return fail(DiagCode::LockMisuse, "no RCU section is open here");
    --Cur.RcuDepth;
    forEachReg(Cur, [](Reg &R) {
      if (R.Flags & Rcu)
        R.Flags = uint16_t((R.Flags & ~(Rcu | MayBeNull)) | Untrusted);
    });
  } else if (Name == "bpf_preempt_disable") {
    ++Cur.PreemptDepth;
  } else if (Name == "bpf_preempt_enable") {
    if (!Cur.PreemptDepth)
      return fail(DiagCode::LockMisuse, "preemption is not disabled here");
    --Cur.PreemptDepth;
  } else {
    Known = false;
  }
  return true;
}

/// Whether the object says that the kernel defines \p Name (`__ksym`).
bool Verifier::isKernelSymbol(StringRef Name) const {
  const BtfFile::Type *Symbols = Btf.dataSection(".ksyms");
  return Symbols && any_of(Symbols->Members, [&](const BtfFile::Member &M) {
           return Btf.type(M.Type).Name == Name;
         });
}

bool Verifier::kfuncCall(const isa::Inst &I) {
  if (size_t(I.Imm) >= P.Externs.size())
    return cannotJudge("a function whose name is not known is called");
  StringRef Name = P.Externs[size_t(I.Imm)];
  const target::HelperInfo *K = target::kfuncByName(Name);
  if (!K && !isKernelSymbol(Name))
    return fail(DiagCode::HelperOnKernel,
                "`" + Name + "` is called, and nothing defines it",
                "define it, or declare it `__ksym` if the kernel has it");
  if (!K)
    return cannotJudge("the kernel function `" + Name + "` is not known");
  if (K->Since > O.Kernel)
    return fail(DiagCode::HelperOnKernel,
                "`" + Twine(K->Name) + "` is not in Linux " +
                    target::toString(O.Kernel) + "; it came with " +
                    target::toString(K->Since));
  Call C;
  C.Name = K->Name;
  Name = K->Name;
  if (Cur.LockIndex)
    return cannotJudge("`" + C.Name + "` is called while a spin lock is held");
  for (unsigned N = isa::R1; N <= isa::R5; ++N)
    C.Args[N] = reg(N);
  bool Known = false;
  if (!sectionCall(Name, Known))
    return false;
  if (Known) {
    clearCallerSaved();
    ++Pc;
    return true;
  }
  if (Name.starts_with("bpf_dynptr_")) {
    if (!dynptrKfunc(C, Name))
      return false;
    ++Pc;
    return true;
  }
  bool Ok;
  if (Name == "bpf_iter_num_new")
    Ok = iteratorNew(C);
  else if (Name == "bpf_iter_num_next")
    Ok = iteratorNext(C);
  else if (Name == "bpf_iter_num_destroy")
    Ok = iteratorDestroy(C);
  else
    return cannotJudge("the kernel function `" + C.Name + "` is not modelled");
  if (!Ok)
    return false;
  if (Name != "bpf_iter_num_next") {
    clearCallerSaved();
    if (Name == "bpf_iter_num_new")
      defineUnknown(isa::R0);
  }
  ++Pc;
  return true;
}

} // namespace bpfcc::verify
