// Calls of kernel functions. What they take and give stands in the kernel's BTF
// (KernelCalls.cpp); some have rules of their own, and those of numbers,
// dynptrs, sections and objects of the program can be judged without it. A
// program that calls another one then cannot be judged.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using target::KernelFunction;

/// What RCU protected is not to be relied on after its section.
void Verifier::endRcuSection() {
  auto Expire = [](Reg &R) {
    if (R.Flags & Rcu)
      R.Flags = uint16_t((R.Flags & ~(Rcu | MayBeNull)) | Untrusted);
  };
  forEachReg(Cur, Expire);
  for (size_t N = 0; N != Cur.Frames.size(); ++N)
    for (StackSlot &S : Cur.writable(N).Stack)
      if (S.Bytes[0] == Byte::Iter)
        Expire(S.Spill);
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
    if (!--Cur.RcuDepth)
      endRcuSection();
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

/// Finds \p Name in the kernel's types and what is known of it there.
bool Verifier::findKernelFunction(StringRef Name, Call &C) {
  C.K = target::kernelFunction(C.Name);
  if (!O.Types) {
    const target::HelperInfo *H = target::kfuncByName(Name);
    if (!H)
      return cannotJudge("the kernel function `" + Name + "` is not known");
    if (H->Since > O.Kernel)
      return fail(DiagCode::HelperOnKernel,
                  "`" + C.Name + "` is not in Linux " +
                      target::toString(O.Kernel) + "; it came with " +
                      target::toString(H->Since));
    return true;
  }
  C.Func = O.Types->find(btf::KindFunc, C.Name);
  if (!C.Func)
    return fail(DiagCode::HelperOnKernel,
                "the kernel has no function `" + C.Name + "`",
                "declare it `__weak`, and test bpf_ksym_exists()");
  constexpr StringLiteral Tag = "bpf_kfunc";
  bool Tagged = O.Types->isTagged(C.Func, Tag);
  if (!Tagged && O.Types->usesTag(Tag))
    return fail(DiagCode::HelperOnKernel,
                "programs may not call `" + C.Name + "` of the kernel");
  if (!C.K)
    return cannotJudge("the kernel function `" + C.Name + "` is not known");
  if (!C.K->allows(O.Type)) {
    const target::ProgTypeInfo *T = target::progTypeInfo(O.Type);
    return fail(DiagCode::HelperForType,
                "`" + C.Name + "` cannot be called by programs of type " +
                    (T ? StringRef(T->KernelName) : "unknown"));
  }
  return true;
}

/// Whether \p Name may be called here: sections and locks allow few.
bool Verifier::kernelFunctionFitsHere(const Call &C) {
  StringRef Name = C.Name;
  if (Cur.LockIndex && !isObjectFunction(Name) &&
      !Name.starts_with("bpf_iter_num_"))
    return fail(DiagCode::LockMisuse,
                "`" + C.Name + "` is called while a spin lock is held",
                "unlock first");
  if (!C.K)
    return true;
  if (C.K->is(target::kf::MaySleep)) {
    if (!O.Sleepable)
      return fail(DiagCode::HelperForType,
                  "`" + C.Name + "` may sleep, and this program may not",
                  "use a sleepable section, such as `lsm.s` or `fentry.s`");
    if (Cur.InRcu() || Cur.PreemptDepth)
      return fail(DiagCode::LockMisuse,
                  "`" + C.Name +
                      "` may sleep, and is called inside an RCU or preemption "
                      "section");
  }
  if (C.K->is(target::kf::RcuProtected) && !rcuProtects())
    return fail(DiagCode::LockMisuse,
                "`" + C.Name + "` must be called inside an RCU section",
                "call bpf_rcu_read_lock() before");
  return true;
}

/// bpf_throw(): the program ends here, and with it all that called.
bool Verifier::throwCall(Call &C) {
  if (!read(isa::R1))
    return false;
  const Reg &Cookie = reg(isa::R1);
  if (!Cookie.isScalar())
    return failAbout(DiagCode::HelperArgument, Cookie,
                     "`" + C.Name + "` wants a number");
  bool InCallback = any_of(Cur.Frames, [](const auto &F) {
    return F->Callback != CallbackKind::None;
  });
  if (InCallback || (RootSub && RootSub == U.ExceptionCallback))
    return fail(DiagCode::BadCallback, "a callback calls bpf_throw()");
  if (!noLeftovers("bpf_throw()", true))
    return false;
  // What is thrown is what the program returns, if no callback changes it.
  if (!U.ExceptionCallback && !checkReturn(Cookie))
    return false;
  Ended = true;
  return true;
}

bool Verifier::kfuncCall(const isa::Inst &I) {
  if (size_t(I.Imm) >= P.Externs.size())
    return cannotJudge("a function whose name is not known is called");
  StringRef Name = P.Externs[size_t(I.Imm)];
  if (!O.Types && !target::kfuncByName(Name) && !isKernelSymbol(Name))
    return fail(DiagCode::UndefinedSymbol,
                "`" + Name + "` is called, and nothing defines it",
                "define it, or declare it `__ksym` if the kernel has it");
  Call C;
  C.Name = Name.take_front(Name.find("___")).str();
  if (!findKernelFunction(Name, C) || !kernelFunctionFitsHere(C))
    return false;
  Name = C.Name;
  for (unsigned N = isa::R1; N <= isa::R5; ++N)
    C.Args[N] = reg(N);
  if (Name == "bpf_throw")
    return throwCall(C);
  if (Name.starts_with("bpf_xdp_metadata_"))
    return cannotJudge("`" + C.Name +
                       "` is for programs that are loaded for a device");
  bool Known = false;
  if (!sectionCall(Name, Known))
    return false;
  bool Ok = true;
  if (Known)
    clearCallerSaved();
  else if (isDynptrFunction(Name))
    Ok = dynptrKfunc(C, Name);
  else if (Name.starts_with("bpf_iter_"))
    Ok = iteratorCall(C);
  else if (isObjectFunction(Name))
    Ok = objectCall(C);
  else if (C.Func)
    Ok = kernelCall(C);
  else
    Ok = cannotJudge("the kernel function `" + C.Name + "` is not modelled");
  if (Ok)
    ++Pc;
  return Ok;
}

} // namespace bpfcc::verify
