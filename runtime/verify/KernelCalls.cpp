// Calls of kernel functions by their types and flags, as
// Documentation/bpf/kfuncs.rst describes them. The names of parameters say what
// their types do not: `__sz` is the size of the memory before it, `__k` a
// constant that matters, `__ign` is not looked at, `__nullable` may be null,
// `__str` is a constant string.

#include "runtime/verify/KernelWalk.h"
#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using target::CtxLayout;
using target::ProgType;

static bool isRecord(btf::Kind K) {
  return K == btf::KindStruct || K == btf::KindUnion;
}

/// The kernel's struct behind the context of a program type; empty where it is
/// none.
static StringRef kernelContext(ProgType Type) {
  const target::ProgTypeInfo *T = target::progTypeInfo(Type);
  switch (T ? T->Context : CtxLayout::None) {
  case CtxLayout::SkBuff:
    return Type == ProgType::FlowDissector ? "bpf_flow_dissector" : "sk_buff";
  case CtxLayout::XdpMd:
    return "xdp_buff";
  case CtxLayout::Sock:
    return "sock";
  case CtxLayout::SockAddr:
    return "bpf_sock_addr_kern";
  case CtxLayout::SockOps:
    return "bpf_sock_ops_kern";
  case CtxLayout::SkMsg:
    return "sk_msg";
  case CtxLayout::SkReuseport:
    return "sk_reuseport_kern";
  case CtxLayout::SkLookup:
    return "bpf_sk_lookup_kern";
  case CtxLayout::CgroupDev:
    return "bpf_cgroup_dev_ctx";
  case CtxLayout::Sysctl:
    return "bpf_sysctl_kern";
  case CtxLayout::Sockopt:
    return "bpf_sockopt_kern";
  case CtxLayout::PerfEvent:
    return "bpf_perf_event_data_kern";
  case CtxLayout::PtRegs:
    return "pt_regs";
  case CtxLayout::Netfilter:
    return "bpf_nf_ctx";
  default:
    return {};
  }
}

/// The struct that programs know the same context by.
static StringRef programContext(ProgType Type) {
  const target::ProgTypeInfo *T = target::progTypeInfo(Type);
  switch (T ? T->Context : CtxLayout::None) {
  case CtxLayout::SkBuff:
    return "__sk_buff";
  case CtxLayout::XdpMd:
    return "xdp_md";
  case CtxLayout::SockAddr:
    return "bpf_sock_addr";
  case CtxLayout::SockOps:
    return "bpf_sock_ops";
  default:
    return {};
  }
}

/// The type in the kernel of an object that \p R leads to; 0 if it is none.
uint32_t Verifier::kernelTypeOf(const Reg &R) const {
  switch (R.K) {
  case Kind::BtfObj:
    return R.Index;
  case Kind::Socket:
    return O.Types->record("sock");
  case Kind::SockCommon:
    return O.Types->record("sock_common");
  case Kind::TcpSock:
    return O.Types->record("tcp_sock");
  case Kind::MapPtr:
    return O.Types->record("bpf_map");
  default:
    return 0;
  }
}

/// An object of type \p Want in register \p N.
bool Verifier::kernelObjectArgument(Call &C, unsigned N, uint32_t Want) {
  const Reg &R = reg(N);
  const BtfFile &In = O.Types->btf();
  StringRef Name = In.type(Want).Name;
  auto Bad = [&](const Twine &What, const Twine &Help = "") {
    return failAbout(DiagCode::HelperArgument, R,
                     "argument " + Twine(N) + " of `" + C.Name +
                         "` must be a `struct " + Name + "`, this is " + What,
                     Help);
  };
  bool Strictly =
      C.K->is(target::kf::TrustedArgs) || C.K->is(target::kf::Release);
  bool Protected = C.K->is(target::kf::RcuArgs);
  bool Valid = isTrusted(R) || R.is(Kind::MapPtr);
  if (Strictly && !Valid)
    return Bad("one that may be out of date",
               "take it from the event itself, or acquire it");
  if (Protected && !Valid && !(R.Flags & Rcu))
    return Bad(
        "one that may be out of date",
        "take it from the event itself, acquire it, or read it inside an "
        "RCU section");
  if (R.mayBeNull())
    return failAbout(DiagCode::NullPointer, R,
                     nameOf(R, N) + " may be null here", nullTest(R));
  if (R.Flags & (Untrusted | User | PerCpu))
    return Bad("one that may be out of date");
  if (!R.Value.isConstant() || R.minOff() < 0)
    return Bad("a pointer that was moved");
  bool Releases = C.ReleasedReg == N;
  if (Releases && R.Off)
    return Bad("a pointer that was moved");
  uint32_t Have = kernelTypeOf(R);
  bool Strict = C.K->is(target::kf::Acquire) || Releases;
  // An object that is not initialised yet is another type.
  StringRef HaveName = In.type(Have).Name;
  if (HaveName == (Name + "___init").str() ||
      Name == (HaveName + "___init").str())
    Strict = true;
  // What programs know the packet as is the packet too.
  bool Projected = (Name == "__sk_buff" && HaveName == "sk_buff") ||
                   (Name == "xdp_md" && HaveName == "xdp_buff");
  if (!Projected && !isObject(In, Have, uint64_t(R.minOff()), Want, Strict))
    return Bad("a `struct " + HaveName + "`");
  return true;
}

/// The memory in register \p N and its size in the next one.
bool Verifier::kernelMemory(Call &C, unsigned N, bool Optional) {
  if (!read(N + 1))
    return false;
  const Reg Size = reg(N + 1);
  if (!Size.isScalar())
    return failAbout(DiagCode::HelperArgument, Size,
                     "`" + C.Name + "` wants a size here, this is " +
                         kindName(Size));
  Graph.markPrecise(Size.Node);
  if (Optional && reg(N).isZero())
    return true;
  const auto &W = Size.Value.Whole;
  if (W.SMin < 0)
    return failAbout(DiagCode::UnboundedSize, Size,
                     "the size that `" + C.Name + "` gets may be negative" +
                         rangeText(Size),
                     "make it unsigned, or test that it is not negative");
  if (W.UMax >= uint64_t(MaxOffset))
    return failAbout(DiagCode::UnboundedSize, Size,
                     "the size that `" + C.Name + "` gets has no upper bound" +
                         rangeText(Size),
                     "compare it with the buffer's size first");
  return region(N, W.UMax, true, true, nullptr, true);
}

/// Argument \p N, a pointer, by the type \p To that it leads to.
bool Verifier::kernelPointer(Call &C, unsigned N, uint32_t To, StringRef Name,
                             bool HasSize) {
  const BtfFile &In = O.Types->btf();
  const Reg &R = reg(N);
  const BtfFile::Type &T = In.type(To);
  auto Bad = [&](const Twine &What) {
    return failAbout(DiagCode::HelperArgument, R,
                     "argument " + Twine(N) + " of `" + C.Name + "` must be " +
                         What + ", this is " + kindName(R));
  };
  bool IsContext = isRecord(T.K) && T.Name == programContext(O.Type);
  if (C.Name == "bpf_cast_to_kern_ctx" || IsContext) {
    if (!R.is(Kind::Ctx) || R.Off || !R.Value.isConstant())
      return Bad("the context");
    return true;
  }
  if (Name.ends_with("__nullable") && R.isZero())
    return true;
  if (T.Name == "bpf_dynptr" || T.Name == "bpf_dynptr_kern")
    return Name.ends_with("__uninit") ? newDynptr(C, N)
                                      : useDynptr(C, N, false);
  if (Name.ends_with("__str"))
    return constantString(N);
  if (Name.ends_with("__map")) {
    if (!R.is(Kind::MapPtr) && !R.is(Kind::BtfObj))
      return Bad("a map");
    return kernelObjectArgument(C, N, O.Types->record("bpf_map"));
  }
  if (isRecord(T.K) &&
      is_contained({"bpf_wq", "bpf_list_head", "bpf_list_node", "bpf_rb_root",
                    "bpf_rb_node", "bpf_res_spin_lock", "bpf_task_work"},
                   T.Name))
    return cannotJudge("a `struct " + T.Name + "` is handed to `" + C.Name +
                       "`");
  if (kernelTypeOf(R)) {
    if (!isRecord(T.K))
      return Bad("memory");
    return kernelObjectArgument(C, N, To);
  }
  if (T.K == btf::KindFuncProto)
    return cannotJudge("a callback is handed to `" + C.Name + "`");
  if (HasSize)
    return kernelMemory(C, N, Name.ends_with("__opt"));
  if (!isPlain(In, To))
    return Bad("a `struct " + T.Name + "`");
  return region(N, In.sizeOf(To), true, true, nullptr, false);
}

/// Checks the arguments from number \p First on.
bool Verifier::kernelArguments(Call &C, unsigned First) {
  const BtfFile &In = O.Types->btf();
  const auto &Parameters = In.type(In.type(C.Func).Target).Members;
  constexpr unsigned MaxArguments = 5;
  bool Trusting = C.K->is(target::kf::TrustedArgs) ||
                  C.K->is(target::kf::RcuArgs) || C.K->is(target::kf::Release);
  for (unsigned I = First; I < Parameters.size() && I < MaxArguments; ++I) {
    unsigned N = isa::R1 + I;
    StringRef Name = Parameters[I].Name;
    if (Name.ends_with("__ign"))
      continue;
    if (!read(N))
      return false;
    const Reg R = reg(N);
    const BtfFile::Type &T = In.type(In.strip(Parameters[I].Type));
    if (T.K != btf::KindPtr) {
      bool Constant = Name.ends_with("__k") || Name == "rdonly_buf_size" ||
                      Name == "rdwr_buf_size";
      if (!R.isScalar() || (Constant && !R.isConstant()))
        return failAbout(DiagCode::HelperArgument, R,
                         "argument " + Twine(N) + " of `" + C.Name +
                             "` must be a " +
                             (Constant ? "constant" : "number") + ", this is " +
                             kindName(R));
      if (!Constant)
        continue;
      precise(R);
      C.Constant = R.Value.Bits.Value;
      if (!Name.ends_with("__k"))
        C.MemSize = C.Constant;
      continue;
    }
    if (Trusting && (R.isZero() || R.mayBeNull()) &&
        !Name.ends_with("__nullable"))
      return failAbout(DiagCode::NullPointer, R,
                       nameOf(R, N) + " may be null here, and `" + C.Name +
                           "` wants an object",
                       nullTest(R));
    if (R.Ref && C.K->is(target::kf::Release)) {
      C.ReleasedRef = R.Ref;
      C.ReleasedReg = N;
    }
    bool HasSize = I + 1 < Parameters.size() &&
                   (Parameters[I + 1].Name.ends_with("__sz") ||
                    Parameters[I + 1].Name.ends_with("__szk"));
    if (!kernelPointer(C, N, In.strip(T.Target), Name, HasSize))
      return false;
    if (!HasSize)
      continue;
    if (Parameters[I + 1].Name.ends_with("__szk") && !reg(N + 1).isConstant())
      return failAbout(DiagCode::HelperArgument, reg(N + 1),
                       "the size that `" + C.Name + "` gets must be constant");
    ++I;
  }
  if (C.K->is(target::kf::Release) && !C.ReleasedRef)
    return fail(DiagCode::Unreleased, "`" + C.Name +
                                          "` releases an object, and is given "
                                          "none that is held");
  return true;
}

/// A pointer that the program makes of a number or another pointer: the type is
/// its own word, so it is good for reading alone.
bool Verifier::readOnlyCast(Call &C) {
  const BtfFile &In = O.Types->btf();
  uint32_t Type = In.strip(uint32_t(C.Constant));
  if (!isRecord(In.type(Type).K) || C.Constant >= In.Types.size())
    return fail(DiagCode::HelperArgument,
                "`" + C.Name + "` wants a struct of the kernel");
  define(isa::R0, kernelObject(Type, Untrusted));
  return true;
}

bool Verifier::kernelResult(Call &C) {
  const BtfFile &In = O.Types->btf();
  uint32_t Type = In.strip(In.type(In.type(C.Func).Target).Target);
  if (In.type(Type).K == btf::KindVoid)
    return true;
  if (In.type(Type).K != btf::KindPtr) {
    defineUnknown(isa::R0);
    return true;
  }
  if (C.Name == "bpf_rdonly_cast")
    return readOnlyCast(C);
  if (C.Name == "bpf_cast_to_kern_ctx") {
    uint32_t Context = O.Types->record(kernelContext(O.Type));
    if (!Context)
      return fail(DiagCode::HelperForType,
                  "`" + C.Name + "` cannot be called by programs of this type");
    define(isa::R0, kernelObject(Context, Trusted));
    return true;
  }
  uint32_t To = In.strip(In.type(Type).Target);
  Reg R;
  if (In.type(To).K == btf::KindStruct) {
    R = kernelObject(To, C.K->is(target::kf::RcuProtected) ? Rcu : 0);
    if (C.Name == "bpf_get_kmem_cache")
      R.Flags |= Untrusted;
  } else if (In.type(To).K == btf::KindVoid && !C.MemSize) {
    defineUnknown(isa::R0);
    return true;
  } else {
    R.K = Kind::Mem;
    R.Value = Scalar::constant(0);
    R.Size = uint32_t(C.MemSize ? C.MemSize : In.sizeOf(To));
    bool Writable = C.Name == "bpf_session_cookie" ||
                    any_of(In.type(In.type(C.Func).Target).Members,
                           [](auto &M) { return M.Name == "rdwr_buf_size"; });
    R.Flags = Writable ? 0 : ReadOnly;
  }
  if (C.K->is(target::kf::Acquire))
    R.Id = R.Ref = acquire("an object of the kernel");
  if (C.K->is(target::kf::RetNull)) {
    R.Flags |= MayBeNull;
    if (!R.Id)
      R.Id = newId();
  }
  define(isa::R0, R);
  return true;
}

bool Verifier::kernelCall(Call &C) {
  if (!kernelArguments(C, 0))
    return false;
  if (C.ReleasedRef && !releaseReference(C.ReleasedRef))
    return false;
  clearCallerSaved();
  return kernelResult(C);
}

} // namespace bpfcc::verify
