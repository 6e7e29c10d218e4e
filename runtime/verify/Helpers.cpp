// Calls of helpers: may this program call it, do its arguments fit
// (Arguments.cpp), what does it do, and what does it return.

#include "runtime/verify/Verifier.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using target::ArgKind;
using target::HelperInfo;
using target::MapType;
using target::RetKind;

enum : unsigned {
  TailCallId = 12,
  ForEachMapElem = 164,
  TimerInit = 169,
  TimerSetCallback = 170,
  LoopId = 181,
  SpinLockId = 93,
  SpinUnlockId = 94,
  UserRingbufDrain = 209,
};

void Verifier::clearCallerSaved() {
  Frame &F = frame();
  for (unsigned N = isa::R0; N <= isa::R5; ++N) {
    F.R[N] = Reg();
  }
}

/// After a helper that may move the packet, pointers into it are stale.
void Verifier::forgetPackets() {
  forEachReg(Cur, [&](Reg &R) {
    if (!R.isPacket() && !R.is(Kind::PacketEnd) && !(R.Flags & InPacket))
      return;
    R = unknownScalar();
    R.Node = Graph.define(Pc);
  });
}

uint32_t Verifier::acquire(const char *What) {
  uint32_t Id = newId();
  Cur.Refs.push_back({Id, Pc, What});
  return Id;
}

bool Verifier::releaseReference(uint32_t Ref) {
  for (size_t N = 0; N != Cur.Refs.size(); ++N) {
    if (Cur.Refs[N].Id != Ref)
      continue;
    for (const auto &F : Cur.Frames)
      if (F->Callback != CallbackKind::None && N < F->RefsBefore)
        return fail(DiagCode::Unreleased,
                    "a callback releases what its caller took",
                    "release it where it was taken");
    Cur.Refs.erase(Cur.Refs.begin() + ptrdiff_t(N));
    forEachReg(Cur, [&](Reg &R) {
      if (R.Ref != Ref)
        return;
      R = unknownScalar();
      R.Node = Graph.define(Pc);
    });
    return true;
  }
  return fail(DiagCode::Unreleased,
              "this is released and is not held on this path");
}

/// Helpers that only some events of a program type have.
bool Verifier::eventAllows(const HelperInfo &H) const {
  if (!Event)
    return false;
  constexpr unsigned SetSockopt = 49, GetSockopt = 57, StorageGet = 107,
                     StorageDelete = 108;
  bool Options = H.Id == SetSockopt || H.Id == GetSockopt;
  if (O.Type == target::ProgType::Tracing && O.AttachType == Iter)
    return Options && (Event->Name == "tcp" || Event->Name == "unix");
  return Event->Operations == "tcp_congestion_ops" &&
         ((Options && Event->Name != "release") || H.Id == StorageGet ||
          H.Id == StorageDelete);
}

bool Verifier::helperAllowed(const HelperInfo &H) {
  std::string Name = "`" + std::string(H.Name) + "`";
  if (H.Since > O.Kernel)
    return fail(DiagCode::HelperOnKernel,
                Name + " is not in Linux " + target::toString(O.Kernel) +
                    "; it came with " + target::toString(H.Since));
  if (!H.allows(O.Type) && !eventAllows(H)) {
    const target::ProgTypeInfo *T = target::progTypeInfo(O.Type);
    return fail(DiagCode::HelperForType,
                Name + " cannot be called by programs of type " +
                    (T ? StringRef(T->KernelName) : "unknown"));
  }
  if (H.Effects & target::Gpl && !O.Gpl)
    return fail(DiagCode::GplOnly,
                Name + " is for programs with a GPL-compatible licence",
                "add `char LICENSE[] SEC(\"license\") = \"GPL\";`");
  if (H.Effects & target::Sleeps && !O.Sleepable)
    return fail(DiagCode::HelperForType,
                Name + " may sleep, and this program may not",
                "use a sleepable section, such as `lsm.s` or `fentry.s`");
  return true;
}

/// Programs that may change which sockets are in a sockmap by the helpers for
/// all maps; others would sleep or deadlock.
static bool mayChangeSockmap(const Options &O, bool Delete) {
  using target::ProgType;
  switch (O.Type) {
  case ProgType::Tracing:
    return O.AttachType == Iter;
  case ProgType::SockOps:
    return Delete;
  case ProgType::SocketFilter:
  case ProgType::SchedCls:
  case ProgType::SchedAct:
  case ProgType::Xdp:
  case ProgType::SkReuseport:
  case ProgType::FlowDissector:
  case ProgType::SkLookup:
    return true;
  default:
    return false;
  }
}

bool Verifier::mapFits(const Call &C) {
  if (C.Map == ~0u)
    return true;
  const MapDef &M = P.Maps[C.Map];
  constexpr unsigned MapUpdate = 2, MapDelete = 3;
  bool Changes = C.H->Id == MapUpdate || C.H->Id == MapDelete;
  bool Sockets = MapType(M.Type) == MapType::SockMap ||
                 MapType(M.Type) == MapType::SockHash;
  if (target::takesHelper(M.Type, C.H->Name) &&
      (!Changes || !Sockets || mayChangeSockmap(O, C.H->Id == MapDelete)))
    return true;
  const target::MapTypeInfo *T = target::mapTypeInfo(M.Type);
  return fail(DiagCode::HelperArgument,
              "`" + C.Name + "` does not take map `" + M.Name + "` of type " +
                  (T ? StringRef(T->KernelName) : "unknown"));
}

/// The map value or object that a lock lies in, for State's LockIndex.
uint32_t Verifier::lockIndex(const Reg &R) {
  return R.is(Kind::MapValue) ? R.Index + 1 : R.Index + 0x80000000u;
}

bool Verifier::lockCall(const Call &C) {
  const Reg &R = C.Args[1];
  uint32_t Index = lockIndex(R);
  if (inTreeCallback())
    return fail(DiagCode::LockMisuse,
                "a function that compares nodes of a tree takes or gives a "
                "lock");
  if (C.H->Id == SpinLockId) {
    if (Cur.LockIndex)
      return fail(DiagCode::LockMisuse,
                  "a second spin lock is taken while one is held",
                  "unlock the first one before");
    Cur.LockIndex = Index;
    Cur.LockId = R.Id;
    Cur.LockInst = Pc;
    return true;
  }
  if (!Cur.LockIndex)
    return fail(DiagCode::LockMisuse, "no spin lock is held here");
  if (Cur.LockIndex != Index || Cur.LockId != R.Id)
    return fail(DiagCode::LockMisuse,
                "another spin lock is held than the one that is released");
  Cur.LockIndex = Cur.LockId = 0;
  // What lists and trees own may go away now.
  forgetNonOwned();
  return true;
}

bool Verifier::tailCall(const Call &) {
  if (!Cur.Refs.empty())
    return noLeftovers("a tail call");
  if (Cur.LockIndex)
    return fail(DiagCode::LockMisuse, "a tail call while a spin lock is held");
  if (Cur.InRcu() || Cur.PreemptDepth)
    return fail(DiagCode::LockMisuse,
                "a tail call inside an RCU or preemption section");
  if (Cur.Frames.size() > 1 &&
      !hasFeature(O.Kernel, target::Feature::TailCallsInSubprograms))
    return fail(DiagCode::KernelLacks,
                "Linux " + target::toString(O.Kernel) +
                    " has no tail calls in BPF functions: Linux 5.10 was the "
                    "first");
  for (const auto &F : Cur.Frames)
    if (F->Callback != CallbackKind::None)
      return fail(DiagCode::BadCallback, "a callback makes a tail call");
  // What comes back to the caller may be the result of the program that is
  // called; Linux before 6.18 overlooks that.
  if (Cur.Frames.size() == 1 || before(6, 18))
    return true;
  State Back = Cur;
  uint32_t Next = Back.top().CallSite + 1;
  Back.Frames.pop_back();
  State Here = std::exchange(Cur, std::move(Back));
  forgetPackets();
  defineUnknown(isa::R0);
  std::swap(Cur, Here);
  return push(std::move(Here), Next);
}

/// An access that the kernel's types have no place for is reached.
bool Verifier::fieldIsMissing() {
  Place Here = U.place(Pc);
  for (const Program::MissingField &M : P.Missing)
    if (M.Subprog == Here.Subprog && M.Inst == Here.Inst)
      return fail(DiagCode::CoreAccess,
                  formatv(diagFormat(DiagCode::CoreAccess),
                          M.What + " is not in the kernel's types")
                      .str(),
                  "test it before: bpf_core_field_exists()");
  return fail(DiagCode::HelperOnKernel, "an access that no kernel has");
}

/// Objects of each processor that are put into a map can still be used until
/// the RCU section ends.
void Verifier::keepPerCpuObjects(uint32_t Ref) {
  forEachReg(Cur, [&](Reg &R) {
    if (R.Ref != Ref || !(R.Flags & PerCpu))
      return;
    R.Ref = 0;
    R.Flags |= Rcu;
  });
}

bool Verifier::helperCall(const isa::Inst &I) {
  const HelperInfo *H = I.Imm > 0 && I.Imm < target::FirstKfunc
                            ? target::helperById(unsigned(I.Imm))
                            : nullptr;
  if (I.Imm == NoSuchField)
    return fieldIsMissing();
  if (!H)
    return fail(DiagCode::HelperOnKernel,
                "there is no helper number " + Twine(I.Imm));
  if (!helperAllowed(*H))
    return false;
  Call C;
  C.H = H;
  C.Name = H->Name;
  if (Cur.LockIndex && H->Id != SpinUnlockId && H->Id != SpinLockId)
    return fail(DiagCode::LockMisuse,
                "`" + C.Name + "` is called while a spin lock is held",
                "unlock first; nothing may be called in between");
  if (H->Effects & target::Sleeps && (Cur.InRcu() || Cur.PreemptDepth))
    return fail(DiagCode::LockMisuse,
                "`" + C.Name +
                    "` may sleep, and is called inside an RCU or preemption "
                    "section");
  for (unsigned N = isa::R1; N <= isa::R5; ++N)
    C.Args[N] = reg(N);
  for (unsigned N = 0; N != H->numArgs(); ++N)
    if (!argument(C, N))
      return false;
  if (!mapFits(C))
    return false;
  switch (H->Id) {
  case TailCallId:
    if (!tailCall(C))
      return false;
    break;
  case SpinLockId:
  case SpinUnlockId:
    if (!lockCall(C))
      return false;
    break;
  case TimerSetCallback:
    if (!callback(C, CallbackKind::Async))
      return false;
    break;
  case LoopId:
    Graph.markPrecise(C.Args[1].Node);
    if (frame().CallbackDepth < C.Args[1].Value.Whole.UMax ||
        !has(target::Feature::CallbackRounds)) {
      if (!callback(C, CallbackKind::Loop))
        return false;
    }
    frame().CallbackDepth = 0;
    break;
  case ForEachMapElem:
    if (!callback(C, CallbackKind::ForEachMap))
      return false;
    break;
  default:
    if (C.Callback != ~0u && !callback(C, CallbackKind::Other))
      return false;
    break;
  }
  if (C.Exchanged && C.ReleasedRef && rcuProtects())
    keepPerCpuObjects(C.ReleasedRef);
  if (C.ReleasedRef && !releaseReference(C.ReleasedRef))
    return false;
  if (H->Effects & target::ChangesPacket)
    forgetPackets();
  clearCallerSaved();
  if (!helperResult(C))
    return false;
  ++Pc;
  return true;
}

/// Whether a lookup is of an array, at a constant index that it has: from Linux
/// 6.14 on such a lookup is not null.
bool Verifier::alwaysFinds(const Call &C) {
  const MapDef &M = P.Maps[C.Map];
  const Reg &Key = C.Args[2];
  if ((MapType(M.Type) != MapType::Array &&
       MapType(M.Type) != MapType::PerCpuArray) ||
      !Key.is(Kind::Stack) || !Key.Value.isConstant())
    return false;
  int64_t Off = Key.minOff();
  const StackSlot &S = Cur.frame(Key.Index).Stack[size_t((-Off - 1) / 8)];
  unsigned First = unsigned(Off & 7);
  uint64_t Index = 0;
  if (First == 0 && S.isSpill()) {
    // A number that was stored in the four bytes of the key.
    bool OfKeySize = S.Bytes[3] == Byte::Spill && S.Bytes[4] != Byte::Spill;
    if (!OfKeySize || !S.Spill.isConstant())
      return false;
    Index = uint32_t(S.Spill.Value.Bits.Value);
  } else {
    for (unsigned N = First; N != First + 4; ++N)
      if (N >= 8 || S.Bytes[N] != Byte::Zero)
        return false;
  }
  Graph.markPrecise(S.Spill.Node);
  return Index < M.MaxEntries;
}

/// How many processors the kernel can have: as many as its masks have bits.
uint64_t Verifier::maxCpus() const {
  constexpr uint64_t Most = 8192;
  uint32_t Mask = O.Types ? O.Types->record("cpumask") : 0;
  uint64_t Size = Mask ? O.Types->btf().sizeOf(Mask) : 0;
  return Size ? Size * 8 : Most;
}

bool Verifier::helperResult(Call &C) {
  const HelperInfo &H = *C.H;
  Reg R;
  R.Value = Scalar::constant(0);
  auto Nullable = [&](Kind K) {
    R.K = K;
    R.Flags |= MayBeNull;
    R.Id = newId();
    if (H.Effects & target::Acquires) {
      R.Id = acquire(K == Kind::Mem ? "a ring buffer record" : "a socket");
      R.Ref = R.Id;
    }
  };
  switch (H.Result) {
  case RetKind::Void:
    return true;
  case RetKind::Int:
    R = unknownScalar();
    if (H.Id == 8) // get_smp_processor_id
      R.Value = Scalar::range(0, maxCpus() - 1);
    if ((H.Id == 67 || H.Id == 141 || H.Id == 45 || H.Id == 114 ||
         H.Id == 115) &&
        C.MemSize) {
      // An error, or how many bytes were written.
      R.Value.Whole.clampSigned(-4095, int64_t(C.MemSize));
      R.Value.Low.clampSigned(-4095, int32_t(C.MemSize));
      (void)R.Value.deduce();
    }
    break;
  case RetKind::MapValue:
  case RetKind::MapValueOrNull: {
    if (C.Map == ~0u)
      return cannotJudge("a map whose type is not known");
    const MapDef &M = P.Maps[C.Map];
    R.K = Kind::MapValue;
    R.Index = C.Map;
    switch (MapType(M.Type)) {
    case MapType::ArrayOfMaps:
    case MapType::HashOfMaps:
      if (H.Id != 1)
        break;
      R.K = Kind::MapPtr;
      R.Index = P.InnerMaps[C.Map];
      if (R.Index == ~0u)
        return cannotJudge("the inner maps of `" + M.Name +
                           "` are not described");
      break;
    case MapType::SockMap:
    case MapType::SockHash:
      R.K = Kind::Socket;
      Nullable(Kind::Socket);
      R.Ref = R.Id = acquire("a socket");
      define(isa::R0, R);
      return true;
    case MapType::XskMap:
      return cannotJudge("XDP sockets are not modelled");
    default:
      break;
    }
    if (H.Id == 1 && !before(6, 14) && alwaysFinds(C)) {
      if (M.special(SpecialField::SpinLock))
        R.Id = newId();
    } else if (H.Result == RetKind::MapValueOrNull) {
      R.Flags = MayBeNull;
      R.Id = newId();
    } else if (M.special(SpecialField::SpinLock)) {
      R.Id = newId();
    }
    break;
  }
  case RetKind::RingbufMemOrNull:
    Nullable(Kind::Mem);
    R.Flags |= RingbufRecord;
    R.Size = uint32_t(C.MemSize);
    break;
  case RetKind::DynptrMemOrNull:
  case RetKind::MemOrNull:
    R.K = Kind::Mem;
    R.Flags = uint16_t(MayBeNull | InDynptr | (C.DynptrFlags & ReadOnly));
    R.Id = newId();
    R.Index = C.DynptrId;
    R.Size = uint32_t(C.MemSize);
    break;
  case RetKind::SocketOrNull:
    Nullable(Kind::Socket);
    break;
  case RetKind::SockCommonOrNull:
    Nullable(Kind::SockCommon);
    break;
  case RetKind::TcpSockOrNull:
    Nullable(Kind::TcpSock);
    break;
  case RetKind::BtfId:
  case RetKind::BtfIdOrNull:
    if (C.Exchanged) {
      define(isa::R0, kptrResult(*C.Exchanged));
      return true;
    }
    return objectResult(C, H.Result == RetKind::BtfIdOrNull);
  case RetKind::PerCpuVar:
  case RetKind::PerCpuVarOrNull:
    return perCpuResult(C, H.Result == RetKind::PerCpuVarOrNull);
  }
  // A socket seen as another kind of socket lives as long as it did.
  constexpr unsigned SkFullsock = 95, TcpSockId = 96;
  if ((H.Id == SkFullsock || H.Id == TcpSockId) && !R.Ref)
    for (unsigned N = 1; N <= 5; ++N)
      if (C.Args[N].Ref && N <= H.numArgs())
        R.Ref = C.Args[N].Ref;
  define(isa::R0, R);
  return true;
}

} // namespace bpfcc::verify
