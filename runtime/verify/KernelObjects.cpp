// Objects of the kernel: what of them programs may read, and which of them
// helpers take.
//
// How far a pointer can be relied on is in its flags. One that an event handed
// over is Trusted, one that holds a reference is too; what is read out of such
// an object is Rcu where the kernel says so of the field (its BTF has a struct
// `T__safe_rcu` with the fields of T that are) and plain elsewhere; what is
// read where no RCU section protects it is Untrusted, and good for reading
// alone. All of them can be read, since a fault reads as 0.

#include "runtime/verify/KernelWalk.h"
#include "runtime/verify/Verifier.h"

#include "backend/target/KernelObjects.h"
#include "support/Counted.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using target::ProgType;

Reg Verifier::kernelObject(uint32_t Type, unsigned Flags) {
  Reg R;
  R.K = Kind::BtfObj;
  R.Index = O.Types->btf().strip(Type);
  R.Flags = uint16_t(Flags);
  if (Flags & MayBeNull)
    R.Id = newId();
  R.Value = Scalar::constant(0);
  return R;
}

std::string Verifier::typeName(const Reg &R) const {
  const BtfFile &In = R.is(Kind::Object) ? Btf : O.Types->btf();
  const BtfFile::Type &T = In.type(R.Index);
  return "`struct " + T.Name.str() + "`";
}

bool isTrusted(const Reg &R) {
  if (R.Ref)
    return true;
  if (R.is(Kind::Socket) || R.is(Kind::SockCommon) || R.is(Kind::TcpSock))
    return true;
  bool Unsafe = R.Flags & (Untrusted | User | PerCpu | Rcu | MayBeNull);
  if (R.is(Kind::Object))
    return !Unsafe;
  return R.Flags & (Trusted | NonOwn) && !Unsafe;
}

/// Whether what objects point to stays while the program runs.
bool Verifier::rcuProtects() const {
  return Cur.InRcu() || Cur.LockIndex || !O.Sleepable;
}

/// Whether the kernel says of field \p Name of objects of type \p Type what
/// \p Suffix stands for.
bool Verifier::isSafeField(uint32_t Type, StringRef Name,
                           StringRef Suffix) const {
  const BtfFile &In = O.Types->btf();
  uint32_t Safe =
      O.Types->find(btf::KindStruct, In.type(Type).Name.str() + Suffix.str());
  return Safe && any_of(In.type(Safe).Members, [&](const BtfFile::Member &M) {
           return M.Name == Name;
         });
}

/// How far a pointer that was read out of \p From can be relied on.
unsigned Verifier::flagsOfField(const Reg &From, const Found &F) const {
  unsigned Flags = 0;
  if (F.Tag == "user")
    Flags |= User;
  if (F.Tag == "percpu")
    Flags |= PerCpu;
  if (From.Flags & Untrusted)
    return Flags | Untrusted;
  if (!isTrusted(From) && !(From.Flags & Rcu))
    return Flags;
  auto Is = [&](StringRef Suffix) {
    return isSafeField(From.Index, F.Field, Suffix);
  };
  if (Is("__safe_trusted"))
    return Flags | Trusted;
  if (Is("__safe_trusted_or_null"))
    return Flags | Trusted | MayBeNull;
  if (!rcuProtects() || before(6, 2))
    return Flags | (before(6, 2) ? 0u : unsigned(Untrusted));
  if (Is("__safe_rcu"))
    return Flags | Rcu;
  if (F.Tag == "rcu" || Is("__safe_rcu_or_null"))
    return Flags | Rcu | MayBeNull;
  return Flags;
}

bool Verifier::kernelAccess(const Access &A, const Reg &R, Reg *Loaded) {
  if (!O.Gpl && !before(6, 2))
    return fail(DiagCode::GplOnly,
                "objects of the kernel are for programs with a GPL-compatible "
                "licence",
                "add `char LICENSE[] SEC(\"license\") = \"GPL\";`");
  if (!R.Value.isConstant())
    return failAbout(DiagCode::OutOfBounds, R,
                     "the offset into " + typeName(R) + " is not constant",
                     "copy the memory: bpf_probe_read_kernel()");
  if (R.Flags & User)
    return failAbout(DiagCode::WrongPointer, R,
                     typeName(R) + " lies in the memory of a process",
                     "copy it: bpf_probe_read_user() or bpf_copy_from_user()");
  if (R.Flags & PerCpu)
    return failAbout(DiagCode::WrongPointer, R,
                     typeName(R) + " is one of each processor's",
                     "choose one: bpf_per_cpu_ptr() or bpf_this_cpu_ptr()");
  int64_t Off = R.minOff() + A.Off;
  if (Off < 0)
    return failAbout(DiagCode::OutOfBounds, R,
                     "offset " + Twine(Off) + " is before the start of " +
                         typeName(R));
  if (A.Write)
    return kernelWrite(A, R, uint64_t(Off));
  Found F = walkRecord(O.Types->btf(), R.Index, uint64_t(Off), A.Bytes);
  if (F.What == Found::Nothing)
    return failAbout(DiagCode::OutOfBounds, R, F.Why);
  if (F.What == Found::Pointer && Loaded && !A.SignExtend)
    *Loaded = kernelObject(F.Type, flagsOfField(R, F));
  return true;
}

/// Programs of some types may write to some fields.
bool Verifier::kernelWrite(const Access &A, const Reg &R, uint64_t Off) {
  const BtfFile &In = O.Types->btf();
  Found F = walkRecord(In, R.Index, Off, A.Bytes);
  StringRef Operations = Event ? StringRef(Event->Operations) : StringRef();
  StringRef Name = In.type(R.Index).Name;
  if (Operations == "bpf_dummy_ops" && Name == "bpf_dummy_ops_state" &&
      F.What == Found::Number)
    return true;
  if (Operations == "tcp_congestion_ops" && Name == "tcp_sock") {
    static constexpr StringLiteral Fields[] = {
        "sk_pacing_rate", "sk_pacing_status", "icsk_ca_priv",   "pending",
        "snd_cwnd",       "snd_cwnd_cnt",     "snd_cwnd_stamp", "snd_ssthresh",
        "ecn_flags",      "app_limited"};
    if (F.What == Found::Number && is_contained(Fields, F.Field))
      return true;
  }
  bool Conntrack = O.Type == ProgType::Xdp || O.Type == ProgType::SchedCls ||
                   O.Type == ProgType::SchedAct;
  if (Conntrack && (Name == "nf_conn" || Name == "nf_conn___init") &&
      F.What == Found::Number && F.Field == "mark")
    return true;
  return failAbout(DiagCode::ReadOnlyMemory, R,
                   typeName(R) + " is written, and this program may only read "
                                 "it");
}

/// A map's own structure, read through the map.
bool Verifier::mapAccess(const Access &A, const Reg &R, Reg *Loaded) {
  if (!O.Types)
    return cannotJudge("this reads a map's own structure, which depends on the "
                       "kernel's types");
  uint32_t Type = O.Types->record(target::mapStruct(P.Maps[R.Index].Type));
  if (!Type || A.Write || A.Atomic)
    return failAbout(DiagCode::WrongPointer, R,
                     Twine(A.Write ? "a write to" : "a read of") +
                         " a map's own structure",
                     "use the helpers for maps");
  int64_t Off = R.minOff() + A.Off;
  if (Off < 0)
    return failAbout(DiagCode::OutOfBounds, R,
                     "offset " + Twine(Off) +
                         " is before the start of the "
                         "map");
  Found F = walkRecord(O.Types->btf(), Type, uint64_t(Off), A.Bytes);
  if (F.What == Found::Nothing)
    return failAbout(DiagCode::OutOfBounds, R, F.Why);
  if (F.What == Found::Pointer && Loaded)
    *Loaded = kernelObject(F.Type, 0);
  return true;
}

/// What an LSM hook gave before this program: 0 or an error.
Reg Verifier::lsmResult() const {
  Reg R = unknownScalar();
  if (O.Types->btf().type(Event->Result).K == btf::KindVoid)
    return R;
  bool Truth = target::lsmFlags(Event->Name) & target::lsm::Truth;
  constexpr int64_t MaxError = 4095;
  R.Value.Whole = analysis::Interval<uint64_t>::ofSigned(Truth ? 0 : -MaxError,
                                                         Truth ? 1 : 0);
  (void)R.Value.deduce();
  return R;
}

/// The context of programs whose event is a function of the kernel.
bool Verifier::hookAccess(const Access &A, unsigned Off, Reg *Loaded) {
  const Reg R = reg(A.RegNo);
  auto Bad = [&](const Twine &What) {
    return failAbout(DiagCode::ContextAccess, R,
                     Twine(A.Write ? "a write of " : "a read of ") +
                         counted(A.Bytes, "byte") + " at offset " + Twine(Off) +
                         " of the context: " + What);
  };
  constexpr unsigned WordSize = 8, MaxArguments = 12;
  if (Off + A.Bytes > MaxArguments * WordSize)
    return Bad("no event has that many arguments");
  if (A.Write)
    return Bad("arguments are read-only");
  unsigned N = Off / WordSize;
  if (N >= Event->Words.size())
    return Bad("`" + Event->Name + "` hands " + Twine(Event->Words.size()) +
               " values over");
  const Hook::Word &W = Event->Words[N];
  // Pointers were read in part, too, and were whole then.
  bool Whole = W.Whole && !before(6, 12);
  if (Off % WordSize || (Whole && A.Bytes != WordSize))
    return Bad("arguments are read as 8 bytes");
  switch (W.Is) {
  case Hook::Number:
    if (W.IsResult && O.Type == ProgType::Lsm && Loaded && !before(6, 12) &&
        O.AttachType != LsmCgroup)
      *Loaded = lsmResult();
    return true;
  case Hook::Absent:
    return Bad(W.Why);
  case Hook::Memory: {
    Reg Buffer;
    Buffer.K = Kind::Mem;
    Buffer.Size = MaxOffset;
    Buffer.Flags = W.Flags | Unsized;
    Buffer.Id = newId();
    Buffer.Value = Scalar::constant(0);
    if (Loaded)
      *Loaded = Buffer;
    return true;
  }
  case Hook::Object:
    if (Loaded)
      *Loaded = kernelObject(W.Type, W.Flags);
    return true;
  }
  return true;
}

/// Argument \p N of a helper that takes an object of the kernel.
bool Verifier::objectArgument(Call &C, unsigned N, bool OrNull) {
  const Reg &R = reg(N);
  if (R.isZero() && OrNull)
    return true;
  StringRef Name = target::helperObject(C.Name).Argument;
  if (!O.Types || R.is(Kind::Foreign) || Name.empty())
    return cannotJudge("an object of the kernel is handed to `" + C.Name +
                       "`, and its type is not known here");
  auto Bad = [&](const Twine &What) {
    return failAbout(DiagCode::HelperArgument, R,
                     "argument " + Twine(N) + " of `" + C.Name +
                         "` must be a `struct " + Name + "`, this is " + What);
  };
  if (!R.is(Kind::BtfObj))
    return Bad(kindName(R));
  if (R.mayBeNull() && !OrNull)
    return failAbout(DiagCode::NullPointer, R,
                     nameOf(R, N) + " may be null here", nullTest(R));
  if (R.Flags & Untrusted)
    return Bad("a pointer that may be out of date");
  if (R.Flags & (User | PerCpu))
    return Bad("memory of another place");
  if (!R.Value.isConstant() || R.minOff() < 0)
    return Bad("a pointer that was moved");
  if (!isObject(O.Types->btf(), R.Index, uint64_t(R.minOff()),
                O.Types->record(Name), false))
    return Bad("a " + typeName(R));
  return true;
}

/// What a helper gives: an object of the kernel.
bool Verifier::objectResult(Call &C, bool OrNull) {
  StringRef Name = target::helperObject(C.Name).Result;
  uint32_t Type = O.Types ? O.Types->record(Name) : 0;
  Reg R;
  if (!Type) {
    R.K = Kind::Foreign;
    R.Value = Scalar::constant(0);
    if (OrNull) {
      R.Flags = MayBeNull;
      R.Id = newId();
    }
    define(isa::R0, R);
    return true;
  }
  R = kernelObject(Type, OrNull ? MayBeNull : 0);
  if (C.Name == "bpf_get_current_task_btf")
    R.Flags |= Trusted;
  // A socket seen as another kind of socket is held as it was.
  if (StringRef(C.Name).starts_with("bpf_skc_to_"))
    R.Ref = C.Args[1].Ref;
  define(isa::R0, R);
  return true;
}

/// The address of a variable or function of the kernel.
bool Verifier::kernelSymbol(StringRef Name) {
  if (!O.Types) {
    Reg R;
    R.K = Kind::Foreign;
    R.Value = Scalar::constant(0);
    define(U.Insts[Pc].Dst, R);
    return true;
  }
  const BtfFile &In = O.Types->btf();
  StringRef Known = essentialName(Name);
  Reg R;
  R.Value = Scalar::constant(0);
  if (uint32_t Var = O.Types->find(btf::KindVar, Known)) {
    uint32_t Type = In.strip(In.type(Var).Target);
    btf::Kind K = In.type(Type).K;
    if (O.Types->isPerCpu(Var)) {
      R = kernelObject(Type, PerCpu);
    } else if (K == btf::KindStruct || K == btf::KindUnion) {
      R = kernelObject(Type, 0);
    } else {
      R.K = Kind::Mem;
      R.Flags = ReadOnly;
      R.Size = uint32_t(In.sizeOf(Type));
    }
  } else if (O.Types->find(btf::KindFunc, Known)) {
    R.K = Kind::Mem;
    R.Flags = ReadOnly;
  } else if (declaredVoid(Name)) {
    R = unknownScalar();
  } else {
    return fail(DiagCode::HelperOnKernel,
                "the kernel has no variable `" + Name + "`",
                "declare it `__weak`, and test its address");
  }
  define(U.Insts[Pc].Dst, R);
  return true;
}

/// Whether the object declares \p Name without a type: any symbol will do.
bool Verifier::declaredVoid(StringRef Name) const {
  const BtfFile::Type *Symbols = Btf.dataSection(".ksyms");
  return Symbols && any_of(Symbols->Members, [&](const BtfFile::Member &M) {
           const BtfFile::Type &T = Btf.type(M.Type);
           return T.Name == Name && T.K == btf::KindVar &&
                  Btf.type(Btf.strip(T.Target)).K == btf::KindVoid;
         });
}

/// The variable of one processor, by bpf_per_cpu_ptr() and bpf_this_cpu_ptr().
bool Verifier::perCpuResult(Call &C, bool OrNull) {
  const Reg &From = C.Args[1];
  Reg R;
  R.Value = Scalar::constant(0);
  if (From.is(Kind::Foreign)) {
    R.K = Kind::Foreign;
  } else if (From.is(Kind::Object)) {
    R = From;
    R.Flags = Rcu;
    R.Ref = 0;
  } else {
    const BtfFile &In = O.Types->btf();
    btf::Kind K = In.type(From.Index).K;
    R = kernelObject(From.Index, 0);
    if (K != btf::KindStruct && K != btf::KindUnion) {
      R.K = Kind::Mem;
      R.Index = 0;
      R.Flags = ReadOnly;
      R.Size = uint32_t(In.sizeOf(From.Index));
    }
  }
  if (OrNull) {
    R.Flags |= MayBeNull;
    R.Id = newId();
  }
  define(isa::R0, R);
  return true;
}

} // namespace bpfcc::verify
