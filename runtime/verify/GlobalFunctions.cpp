// Global functions: what their arguments may be is in their BTF and in the tags
// of their declarations (__arg_ctx, __arg_nonnull, __arg_nullable, ...). The
// function is followed with exactly that, and a call is checked against it.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;

namespace {
struct Argument {
  enum {
    Number,
    Context,
    Memory,
    DynptrArg,
    ArenaArg,
    KernelObj, ///< a valid object of type Type
    Unsized,   ///< memory that nobody knows the size of
    Unknown
  } What = Unknown;
  uint64_t Size = 0;
  uint32_t Type = 0; ///< in the kernel's types
  bool MayBeNull = true;
};
} // namespace

static bool isContextName(StringRef Name) {
  return is_contained(
      {"__sk_buff", "xdp_md", "bpf_sock", "bpf_sock_addr", "bpf_sock_ops",
       "sk_msg_md", "bpf_cgroup_dev_ctx", "bpf_sysctl", "bpf_sockopt",
       "bpf_perf_event_data", "bpf_raw_tracepoint_args", "sk_reuseport_md",
       "bpf_sk_lookup", "bpf_user_pt_regs_t", "user_pt_regs", "pt_regs"},
      Name);
}

/// \p TagIds: the tags of \p Func's declaration. \p Types: the kernel's, or
/// null.
static Argument classify(const BtfFile &Btf, uint32_t Func, unsigned Index,
                         bool Tags, ArrayRef<uint32_t> TagIds,
                         const KernelTypes *Types) {
  Argument A;
  const auto &Proto = Btf.type(Btf.type(Func).Target);
  if (Index >= Proto.Members.size())
    return A;
  uint32_t Id = Btf.strip(Proto.Members[Index].Type);
  const auto &T = Btf.type(Id);
  if (T.K == btf::KindInt || T.K == btf::KindEnum || T.K == btf::KindEnum64) {
    A.What = Argument::Number;
    return A;
  }
  if (T.K != btf::KindPtr)
    return A;
  bool Nonnull = false, Nullable = false, IsContext = false, Other = false,
       IsTrusted = false, IsArena = false;
  for (uint32_t Id : TagIds) {
    const auto &Tag = Btf.type(Id);
    if (Tag.Component != int32_t(Index))
      continue;
    Nonnull |= Tag.Name == "arg:nonnull";
    Nullable |= Tag.Name == "arg:nullable";
    IsContext |= Tag.Name == "arg:ctx";
    IsTrusted |= Tag.Name == "arg:trusted";
    IsArena |= Tag.Name == "arg:arena";
    Other |= Tag.Name == "arg:untrusted";
  }
  // Pointers to typedefs of contexts count by the typedef's name too.
  const auto &Direct = Btf.type(T.Target);
  const auto &To = Btf.type(Btf.strip(T.Target));
  if (IsContext || isContextName(To.Name) || isContextName(Direct.Name)) {
    A.What = Argument::Context;
    return A;
  }
  if (Other)
    return A;
  if (IsArena) {
    A.What = Argument::ArenaArg;
    return A;
  }
  if (IsTrusted) {
    A.Type = Types ? Types->record(essentialName(To.Name)) : 0;
    A.MayBeNull = Nullable;
    if (A.Type)
      A.What = Argument::KernelObj;
    return A;
  }
  if (To.K == btf::KindStruct && To.Name == "bpf_dynptr") {
    A.What = Argument::DynptrArg;
    return A;
  }
  uint64_t Size = Btf.sizeOf(Btf.strip(T.Target));
  if (Size && Size < UINT32_MAX) {
    A.What = Argument::Memory;
    A.Size = Size;
    A.MayBeNull = !(Nonnull && Tags);
  } else if (To.K == btf::KindFwd || To.K == btf::KindVoid) {
    A.What = Argument::Unsized;
  }
  return A;
}

static unsigned argumentCount(const BtfFile &Btf, uint32_t Func) {
  return unsigned(Btf.type(Btf.type(Func).Target).Members.size());
}

/// An exception callback gets what was thrown, a number.
bool Verifier::exceptionArguments(Frame &F, const Unit::Sub &S) {
  std::string Name = "`" + P.Subprogs[S.Subprog].Name + "`";
  if (!S.IsGlobal)
    return fail(DiagCode::BadCallback, "the exception callback " + Name +
                                           " must be a global function");
  Argument A = classify(Btf, S.FuncType, 0, true, TagsOf[S.FuncType], O.Types);
  if (argumentCount(Btf, S.FuncType) != 1 || A.What != Argument::Number)
    return fail(DiagCode::BadCallback,
                "the exception callback " + Name + " must take one number");
  if (!returnsNumber(U.ExceptionCallback))
    return fail(DiagCode::BadCallback,
                "the exception callback " + Name + " must return a number");
  Reg R = unknownScalar();
  R.Node = Graph.define(Pc);
  F.R[isa::R1] = R;
  return true;
}

std::string Verifier::unsizedText(const Unit::Sub &S, unsigned N) const {
  return "argument " + std::to_string(N + 1) + " of the global function `" +
         P.Subprogs[S.Subprog].Name +
         "` points to something whose size is not known";
}

bool Verifier::globalArguments(Frame &F, const Unit::Sub &S) {
  unsigned Count = argumentCount(Btf, S.FuncType);
  if (Count > 5)
    return fail(DiagCode::BadFlow, "a global function has more than 5 "
                                   "arguments");
  for (unsigned N = 0; N != Count; ++N) {
    Argument A = classify(Btf, S.FuncType, N, !before(6, 8), TagsOf[S.FuncType],
                          O.Types);
    Reg R;
    R.Value = Scalar::constant(0);
    switch (A.What) {
    case Argument::Number:
      R = unknownScalar();
      break;
    case Argument::Context:
      R.K = Kind::Ctx;
      break;
    case Argument::Memory:
      R.K = Kind::Mem;
      R.Size = uint32_t(A.Size);
      if (A.MayBeNull) {
        R.Flags = MayBeNull;
        R.Id = newId();
      }
      break;
    case Argument::DynptrArg:
      R.K = Kind::Dynptr;
      R.Id = newId();
      R.Index = R.Id;
      break;
    case Argument::ArenaArg:
      R.K = Kind::Arena;
      break;
    case Argument::KernelObj:
      R = kernelObject(A.Type, Trusted | (A.MayBeNull ? MayBeNull : 0));
      break;
    case Argument::Unsized:
      return fail(DiagCode::HelperArgument, unsizedText(S, N));
    case Argument::Unknown:
      return cannotJudge("the type of argument " + Twine(N + 1) + " of `" +
                         P.Subprogs[S.Subprog].Name + "`");
    }
    R.Node = Graph.define(Pc);
    F.R[isa::R1 + N] = R;
  }
  return true;
}

bool Verifier::globalCall(uint32_t SubNumber) {
  const Unit::Sub &S = U.Subs[SubNumber];
  std::string Name = "`" + P.Subprogs[S.Subprog].Name + "`";
  unsigned Count = argumentCount(Btf, S.FuncType);
  if (Cur.PreemptDepth && before(6, 15))
    return fail(DiagCode::LockMisuse,
                "the global function " + Name +
                    " is called with preemption disabled",
                "make the function static");
  if (S.MaySleep && !before(6, 15) && (Cur.InRcu() || Cur.PreemptDepth))
    return fail(DiagCode::LockMisuse,
                "the global function " + Name +
                    " may sleep, and is called inside an RCU or preemption "
                    "section");
  if (Cur.Frames.size() >= MaxFrames)
    return fail(DiagCode::CallDepth, "the chain of calls is too long");
  for (unsigned N = 0; N != Count; ++N) {
    unsigned RegNo = isa::R1 + N;
    if (!read(RegNo))
      return false;
    Argument A = classify(Btf, S.FuncType, N, !before(6, 8), TagsOf[S.FuncType],
                          O.Types);
    const Reg &R = reg(RegNo);
    auto Bad = [&](const Twine &Wanted) {
      return failAbout(DiagCode::HelperArgument, R,
                       "argument " + Twine(N + 1) + " of " + Name +
                           " must be " + Wanted + ", this is " + kindName(R));
    };
    switch (A.What) {
    case Argument::Number:
      if (!R.isScalar())
        return Bad("a number");
      break;
    case Argument::Context:
      if (!R.is(Kind::Ctx) || R.Off || !R.Value.isConstant())
        return Bad("the context");
      break;
    case Argument::Memory:
      if (A.MayBeNull && R.isZero())
        break;
      if (R.mayBeNull() && A.MayBeNull) {
        Reg NonNull = R;
        NonNull.Flags &= uint16_t(~MayBeNull);
        Reg Saved = R;
        frame().R[RegNo] = NonNull;
        bool Ok = region(RegNo, A.Size, true, true, nullptr, false);
        frame().R[RegNo] = Saved;
        if (!Ok)
          return false;
        break;
      }
      if (!region(RegNo, A.Size, true, true, nullptr, false))
        return false;
      break;
    case Argument::DynptrArg: {
      Call C;
      C.Name = P.Subprogs[S.Subprog].Name;
      if (!useDynptr(C, RegNo, false))
        return false;
      break;
    }
    case Argument::ArenaArg:
      if (!R.is(Kind::Arena) && !R.isScalar())
        return Bad("an address in the arena");
      break;
    case Argument::KernelObj:
      if (R.isZero() && A.MayBeNull)
        break;
      if (R.mayBeNull() && !A.MayBeNull)
        return failAbout(DiagCode::NullPointer, R,
                         nameOf(R, RegNo) + " may be null here", nullTest(R));
      if (!R.is(Kind::BtfObj) || R.Flags & (Untrusted | User | PerCpu) ||
          R.Off || !R.Value.isConstant() ||
          !isObject(O.Types->btf(), R.Index, 0, A.Type, false))
        return Bad("an object of the kernel that is alive");
      break;
    case Argument::Unsized:
      return fail(DiagCode::HelperArgument, unsizedText(S, N));
    case Argument::Unknown:
      return cannotJudge("the type of argument " + Twine(N + 1) + " of " +
                         Name);
    }
  }
  if (!WillVerify[SubNumber]) {
    WillVerify[SubNumber] = true;
    ToVerify.push_back(SubNumber);
  }
  if (S.ChangesPacket)
    forgetPackets();
  clearCallerSaved();
  const auto &Proto = Btf.type(Btf.type(S.FuncType).Target);
  const auto &Returns = Btf.type(Btf.strip(Proto.Target));
  if (Returns.K != btf::KindVoid)
    defineUnknown(isa::R0);
  ++Pc;
  return true;
}

} // namespace bpfcc::verify
