// Arguments of helpers, by the kinds that helpers.def gives them.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using target::ArgKind;
using target::HelperInfo;

/// Sizes that follow: the memory is judged when its size is known.
static bool isSizedMemory(ArgKind K) {
  switch (K) {
  case ArgKind::MemRead:
  case ArgKind::MemReadOrNull:
  case ArgKind::MemWrite:
  case ArgKind::MemReadWrite:
  case ArgKind::MemReadWriteOrNull:
    return true;
  default:
    return false;
  }
}

static bool takesNull(ArgKind K) {
  switch (K) {
  case ArgKind::MapValueOrNull:
  case ArgKind::MemReadOrNull:
  case ArgKind::MemReadWriteOrNull:
  case ArgKind::CtxOrNull:
  case ArgKind::StackOrNull:
  case ArgKind::BtfIdOrNull:
  case ArgKind::BtfIdReleaseOrNull:
    return true;
  default:
    return false;
  }
}

static unsigned fixedBytes(ArgKind K) {
  switch (K) {
  case ArgKind::FixedRead20:
    return 20;
  case ArgKind::FixedRead40:
    return 40;
  case ArgKind::FixedReadWrite4:
    return 4;
  case ArgKind::FixedWrite8:
  case ArgKind::FixedReadWrite8:
    return 8;
  default:
    return 0;
  }
}

bool Verifier::sizedMemory(Call &C, unsigned N) {
  unsigned SizeReg = N + 1, MemReg = N;
  ArgKind Mem = C.H->Args[N - 1];
  bool ZeroAllowed = C.H->Args[N] == ArgKind::SizeOrZero;
  const Reg Size = reg(SizeReg);
  if (!Size.isScalar())
    return failAbout(DiagCode::HelperArgument, Size,
                     "`" + C.Name + "` wants a size here, this is " +
                         kindName(Size));
  const Reg &Memory = reg(MemReg);
  if (Memory.isScalar() && !(Memory.isZero() && takesNull(Mem)))
    return failAbout(DiagCode::HelperArgument, Memory,
                     "`" + C.Name +
                         "` wants the address of memory here, "
                         "this is a number");
  constexpr unsigned DynptrFromMem = 197;
  if (C.H->Id == DynptrFromMem && !Memory.is(Kind::MapValue))
    return failAbout(DiagCode::BadDynptr, Memory,
                     Twine("a dynptr is made of a map value, this is ") +
                         kindName(Memory));
  const auto &W = Size.Value.Whole;
  if (W.SMin < 0)
    return failAbout(DiagCode::UnboundedSize, Size,
                     "the size that `" + C.Name + "` gets may be negative" +
                         rangeText(Size),
                     "make it unsigned, or test that it is not negative: "
                     "`if (size < 0) return 0;`, or mask it: `size &= 0xff`");
  if (W.UMin == 0 && !ZeroAllowed)
    return failAbout(DiagCode::UnboundedSize, Size,
                     "the size that `" + C.Name + "` gets may be 0" +
                         rangeText(Size),
                     "test that it is not 0");
  if (W.UMax >= uint64_t(MaxOffset))
    return failAbout(DiagCode::UnboundedSize, Size,
                     "the size that `" + C.Name + "` gets has no upper bound" +
                         rangeText(Size),
                     "compare it with the buffer's size first: `if (size > "
                     "sizeof(buf)) size = sizeof(buf);`");
  bool Write = Mem == ArgKind::MemWrite || Mem == ArgKind::MemReadWrite ||
               Mem == ArgKind::MemReadWriteOrNull;
  // What is only written need not be set, if its size is known.
  bool Read = Mem != ArgKind::MemWrite || !Size.Value.isConstant();
  // Smaller sizes fit where the largest does; it must also be kept apart.
  if (!region(MemReg, W.UMax, Write, Read, C.H, ZeroAllowed))
    return false;
  if (Write)
    C.MemSize = W.UMax;
  Graph.markPrecise(Size.Node);
  return true;
}

const std::vector<SpecialField> &Verifier::fieldsOf(uint32_t BtfType) const {
  for (const auto &[Type, Fields] : TypeFields)
    if (Type == BtfType)
      return Fields;
  TypeFields.push_back({BtfType, specialFields(Btf, BtfType)});
  return TypeFields.back().second;
}

const SpecialField *Verifier::fieldAt(const Reg &R, int64_t Off) const {
  if (!R.is(Kind::MapValue))
    return nullptr;
  for (const SpecialField &F : P.Maps[R.Index].Special)
    if (F.Offset == Off)
      return &F;
  return nullptr;
}

bool Verifier::specialFieldArgument(Call &C, unsigned RegNo,
                                    SpecialField::Kind What) {
  const Reg &R = reg(RegNo);
  const char *Name = What == SpecialField::SpinLock ? "a struct bpf_spin_lock"
                     : What == SpecialField::Timer  ? "a struct bpf_timer"
                                                    : "a kernel pointer";
  if (R.mayBeNull())
    return failAbout(DiagCode::NullPointer, R,
                     nameOf(R, RegNo) + " may be null here");
  if (R.is(Kind::Object)) {
    if (What == SpecialField::SpinLock && R.Value.isConstant())
      for (const SpecialField &F : fieldsOf(R.Index))
        if (F.What == What && F.Offset == uint32_t(R.Off))
          return true;
    return failAbout(DiagCode::HelperArgument, R,
                     "`" + C.Name + "` wants " + Name + " here");
  }
  if (!R.is(Kind::MapValue))
    return failAbout(DiagCode::HelperArgument, R,
                     "`" + C.Name + "` wants " + Twine(Name) +
                         " in a map value, this is " + kindName(R));
  if (!R.Value.isConstant())
    return failAbout(DiagCode::HelperArgument, R,
                     "the offset of " + Twine(Name) + " must be constant");
  const SpecialField *F = fieldAt(R, R.minOff());
  if (!F || F->What != What)
    return failAbout(DiagCode::HelperArgument, R,
                     "no " + Twine(StringRef(Name).substr(2)) +
                         " lies at offset " + Twine(R.minOff()) +
                         " of the value of map `" + P.Maps[R.Index].Name + "`");
  return true;
}

bool Verifier::constantString(unsigned RegNo) {
  const Reg &R = reg(RegNo);
  constexpr uint32_t ReadOnlyForPrograms = 1 << 7;
  if (!R.is(Kind::MapValue) || !(P.Maps[R.Index].Flags & ReadOnlyForPrograms))
    return failAbout(DiagCode::HelperArgument, R,
                     "the string must be a constant in read-only data",
                     "`static const char fmt[] = \"...\";`");
  if (!R.Value.isConstant())
    return failAbout(DiagCode::HelperArgument, R,
                     "the string's place must be constant");
  Access A;
  A.RegNo = RegNo;
  A.Bytes = 1;
  Reg Ignored;
  if (!mapValueAccess(A, R, &Ignored))
    return false;
  for (const auto &V : P.Initial)
    if (V.Map == R.Index)
      for (size_t At = size_t(R.minOff()); At < V.Value.size(); ++At)
        if (!V.Value[At])
          return true;
  return failAbout(DiagCode::HelperArgument, R, "the string has no end");
}

static bool isSocketMap(uint32_t Type) {
  return target::MapType(Type) == target::MapType::SockMap ||
         target::MapType(Type) == target::MapType::SockHash;
}

bool Verifier::socketArgument(Call &C, unsigned N, ArgKind K) {
  const Reg &R = reg(N);
  auto Bad = [&](const Twine &Wanted) {
    return failAbout(
        R.mayBeNull() ? DiagCode::NullPointer : DiagCode::HelperArgument, R,
        "argument " + Twine(N) + " of `" + C.Name + "` must be " + Wanted +
            ", this is " + kindName(R) +
            (R.mayBeNull() ? " that may be null" : ""));
  };
  if (R.is(Kind::Foreign))
    return cannotJudge("a socket of the kernel");
  constexpr unsigned StorageGet = 107, StorageDelete = 108, Cookie = 46,
                     Assign = 124;
  bool OrNull = C.H->Id == Cookie ||
                (C.H->Id == Assign && O.Type == target::ProgType::SkLookup) ||
                ((C.H->Id == StorageGet || C.H->Id == StorageDelete) &&
                 O.Type == target::ProgType::Tracing);
  if (OrNull && R.isZero())
    return true;
  if (R.is(Kind::BtfObj) && (!R.mayBeNull() || OrNull) &&
      (K == ArgKind::BtfSock || K == ArgKind::BtfSockRelease)) {
    if (R.Flags & (Untrusted | User | PerCpu) ||
        !isObject(O.Types->btf(), R.Index, uint64_t(R.Off),
                  O.Types->record("sock_common"), false))
      return Bad("a socket");
    if (K == ArgKind::BtfSockRelease && !R.Ref)
      return failAbout(DiagCode::Unreleased, R,
                       "a socket that is not held is released");
    if (K == ArgKind::BtfSockRelease)
      C.ReleasedRef = R.Ref;
    return true;
  }
  // setsockopt() and its kin take the context of some programs.
  if (R.is(Kind::Ctx) && K == ArgKind::BtfSock)
    return !R.Off || Bad("the context, not moved");
  bool Fits =
      R.is(Kind::Socket) || R.is(Kind::TcpSock) || R.is(Kind::SockCommon);
  if (K == ArgKind::Socket)
    Fits = R.is(Kind::Socket);
  if (!Fits || (R.mayBeNull() && !OrNull))
    return Bad("a socket");
  if (R.Off || !R.Value.isConstant())
    return Bad("a socket, not moved");
  if (K != ArgKind::BtfSockRelease)
    return true;
  if (!R.Ref)
    return failAbout(DiagCode::Unreleased, R,
                     "a socket that is not held is released",
                     "only sockets of the lookup helpers are released");
  C.ReleasedRef = R.Ref;
  return true;
}

/// Helpers whose first argument is a socket for some programs, and the context
/// for others.
bool Verifier::takesSocket(const HelperInfo &H) const {
  constexpr unsigned Cookie = 46;
  return H.Id == Cookie && (O.Type == target::ProgType::Tracing ||
                            O.Type == target::ProgType::SkReuseport);
}

bool Verifier::argument(Call &C, unsigned Index) {
  unsigned N = Index + 1;
  ArgKind K = C.H->Args[Index];
  if (!read(N))
    return false;
  const Reg &R = reg(N);
  auto Bad = [&](const Twine &Wanted) {
    if (R.mayBeNull() && !takesNull(K))
      return failAbout(DiagCode::NullPointer, R,
                       nameOf(R, N) + " may be null here, and `" + C.Name +
                           "` wants " + Wanted,
                       nullTest(R));
    return failAbout(DiagCode::HelperArgument, R,
                     "argument " + Twine(N) + " of `" + C.Name + "` must be " +
                         Wanted + ", this is " + kindName(R));
  };
  if (R.isZero() && takesNull(K))
    return true;
  if (isSizedMemory(K))
    return !R.isPointer() || R.isPointer(); // judged with its size
  if (unsigned Bytes = fixedBytes(K)) {
    bool Write = K == ArgKind::FixedWrite8 || K == ArgKind::FixedReadWrite4 ||
                 K == ArgKind::FixedReadWrite8;
    Access A;
    A.RegNo = N;
    A.Bytes = Bytes;
    A.Atomic = true; // numbers, which helpers access as a whole
    if (Write && R.isPointer() && !aligned(A, R))
      return false;
    return region(N, Bytes, Write, K != ArgKind::FixedWrite8, C.H, false);
  }
  switch (K) {
  case ArgKind::None:
    return true;
  case ArgKind::Any: {
    constexpr unsigned GetLocalStorage = 81;
    if (C.H->Id == GetLocalStorage && !R.isZero())
      return Bad("0");
    return true;
  }
  case ArgKind::Map:
    if (!R.is(Kind::MapPtr) || R.mayBeNull())
      return Bad("a map");
    if (R.Off)
      return Bad("a map itself");
    if (C.Map != ~0u && C.Map != R.Index)
      return Bad("the map that the value lies in");
    C.Map = R.Index;
    C.MapId = R.Id;
    return true;
  case ArgKind::MapKey:
    if (C.Map == ~0u)
      return cannotJudge("a key without a map");
    if (R.isScalar())
      return Bad("the address of a key");
    return region(N, P.Maps[C.Map].KeySize, false, true, C.H, true);
  case ArgKind::MapValue:
  case ArgKind::MapValueOrNull:
    if (C.Map == ~0u)
      return cannotJudge("a value without a map");
    if (R.isScalar())
      return Bad("the address of a value");
    if (isSocketMap(P.Maps[C.Map].Type))
      return socketArgument(C, N, ArgKind::BtfSock);
    return region(N, P.Maps[C.Map].ValueSize, false, true, C.H, false);
  case ArgKind::MapValueWrite: {
    if (C.Map == ~0u)
      return cannotJudge("a value without a map");
    if (R.isScalar())
      return Bad("the address of a value");
    bool Reads =
        target::MapType(P.Maps[C.Map].Type) == target::MapType::BloomFilter;
    return region(N, P.Maps[C.Map].ValueSize, !Reads, Reads, C.H, false);
  }
  case ArgKind::Size:
  case ArgKind::SizeOrZero:
    return sizedMemory(C, N - 1);
  case ArgKind::AllocSize:
    if (!R.isConstant())
      return Bad("a constant");
    if (R.Value.Bits.Value >= uint64_t(MaxOffset))
      return Bad("a size below 512 MB");
    Graph.markPrecise(R.Node);
    C.MemSize = R.Value.Bits.Value;
    return true;
  case ArgKind::Ctx:
  case ArgKind::CtxOrNull:
    if (R.is(Kind::Foreign))
      return cannotJudge("the context comes from the kernel, and its type is "
                         "not known here");
    if (takesSocket(*C.H))
      return socketArgument(C, N, ArgKind::BtfSock);
    if (!R.is(Kind::Ctx))
      return Bad("the context");
    if (R.Off || !R.Value.isConstant())
      return Bad("the context, not moved");
    return true;
  case ArgKind::SpinLock:
    return specialFieldArgument(C, N, SpecialField::SpinLock);
  case ArgKind::Timer:
    if (!specialFieldArgument(C, N, SpecialField::Timer))
      return false;
    C.Map = reg(N).Index;
    return true;
  case ArgKind::KptrDest:
    return kptrDestination(C, N);
  case ArgKind::ConstStr:
    return constantString(N);
  case ArgKind::Func:
    if (!R.is(Kind::Func))
      return Bad("a function of the program");
    C.Callback = R.Index;
    return true;
  case ArgKind::StackOrNull:
    if (!R.is(Kind::Stack))
      return Bad("the address of a variable, or null");
    return true;
  case ArgKind::RingbufMem:
    if (!R.is(Kind::Mem) || !(R.Flags & RingbufRecord) || R.mayBeNull())
      return Bad("a ring buffer record");
    if (R.Off || !R.isPointer() || !R.Value.isConstant() || R.Value.Bits.Value)
      return Bad("a ring buffer record, not moved");
    C.ReleasedRef = R.Ref;
    return true;
  case ArgKind::DynptrNew:
    return newDynptr(C, N);
  case ArgKind::Dynptr:
    return useDynptr(C, N, false);
  case ArgKind::DynptrRelease:
    return useDynptr(C, N, true);
  case ArgKind::Socket:
  case ArgKind::SockCommon:
  case ArgKind::BtfSock:
  case ArgKind::BtfSockRelease:
    return socketArgument(C, N, K);
  case ArgKind::BtfId:
    return objectArgument(C, N, false);
  case ArgKind::BtfIdOrNull:
    return objectArgument(C, N, true);
  case ArgKind::PerCpuBtfId:
    if (R.is(Kind::Foreign))
      return true;
    if ((!R.is(Kind::BtfObj) && !R.is(Kind::Object)) || !(R.Flags & PerCpu) ||
        R.mayBeNull() || R.Flags & Untrusted || R.Off)
      return Bad("a variable that each processor has");
    return true;
  case ArgKind::BtfIdReleaseOrNull:
    return kptrSource(C, N);
  default:
    return cannotJudge("an argument of `" + C.Name + "` is not modelled");
  }
}

} // namespace bpfcc::verify
