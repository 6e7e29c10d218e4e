// Loads, stores and atomics, and memory that is handed to helpers. Each kind of
// pointer has its own rule for what may be touched; all of them come down to
// offsets and sizes:
//
//   have    the smallest and largest offset that the pointer may have
//   need    that plus the bytes of the access
//   limit   the size of the value, or what was compared with the packet's end

#include "runtime/verify/Verifier.h"

#include "support/Counted.h"
#include "llvm/Support/Endian.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using isa::Op;
using target::MapType;
using target::ProgType;

constexpr uint32_t ReadOnlyForPrograms = 1 << 7, WriteOnlyForPrograms = 1 << 8;

bool Verifier::loadStore(const isa::Inst &I) {
  isa::Meaning M = isa::meaning(I.Opcode);
  Access A;
  A.Off = I.Off;
  A.Bytes = M.Bits / 8;
  if (M.What == Sem::LOAD || M.What == Sem::LOADSX || M.What == Sem::LOAD_ACQ) {
    A.RegNo = I.Src;
    A.SignExtend = M.What == Sem::LOADSX;
    if (I.Dst == isa::R10)
      return fail(DiagCode::PointerMath, "r10, the frame pointer, is written");
    Reg Loaded = boundedScalar(A.Bytes, A.SignExtend);
    const Reg Through = reg(I.Src);
    if (!read(I.Src) || !access(A, &Loaded))
      return false;
    define(I.Dst, Loaded, Loaded.Node);
    return alwaysThrough(Through);
  }
  A.RegNo = I.Dst;
  A.Write = true;
  Reg Stored;
  if (isa::form(I.Opcode) == isa::Form::StoreR) {
    if (!read(I.Src))
      return false;
    // What is stored whole at the start of a slot stays one with the number.
    const Reg &To = reg(I.Dst);
    uint64_t Max =
        A.Bytes == 8 ? ~uint64_t(0) : (uint64_t(1) << (8 * A.Bytes)) - 1;
    if (reg(I.Src).isScalar() && To.is(Kind::Stack) && To.Value.isConstant() &&
        (To.minOff() + A.Off) % 8 == 0 && reg(I.Src).Value.Whole.UMax <= Max &&
        has(target::Feature::SpilledNumbers))
      nameScalar(I.Src);
    Stored = reg(I.Src);
  } else {
    Stored = constantScalar(uint64_t(I.Imm));
  }
  A.Stored = &Stored;
  const Reg Through = reg(I.Dst);
  return read(I.Dst) && access(A, nullptr) && alwaysThrough(Through);
}

/// Kernels rewrite accesses of contexts, sockets and their own objects, and so
/// want an instruction to go through the same kind of pointer on every path.
bool Verifier::alwaysThrough(const Reg &R) {
  auto IsRewritten = [](Kind K) {
    switch (K) {
    case Kind::Ctx:
    case Kind::Socket:
    case Kind::SockCommon:
    case Kind::TcpSock:
    case Kind::BtfObj:
    case Kind::Object:
    case Kind::Arena:
      return true;
    default:
      return false;
    }
  };
  Kind &Before = Through[Pc];
  if (Before != Kind::NotInit && Before != R.K &&
      (IsRewritten(Before) || IsRewritten(R.K)))
    return failAbout(DiagCode::WrongPointer, R,
                     Twine("this goes through ") + kindName(R) +
                         " here and through another kind of pointer on "
                         "another path, in one instruction",
                     "give each its own code: read in both branches, not "
                     "behind them");
  Before = R.K;
  return true;
}

bool Verifier::atomicOp(const isa::Inst &I) {
  isa::Meaning M = isa::meaning(I.Opcode);
  if (!read(I.Dst) || !read(I.Src) ||
      (M.What == Sem::CMPXCHG && !read(isa::R0)))
    return false;
  bool Fetches = M.What >= Sem::FETCH_ADD && M.What <= Sem::XCHG;
  if (Fetches && I.Src == isa::R10)
    return fail(DiagCode::PointerMath, "r10, the frame pointer, is written");
  const Reg R = reg(I.Dst);
  switch (R.K) {
  case Kind::Ctx:
  case Kind::Packet:
  case Kind::PacketMeta:
  case Kind::FlowKeys:
  case Kind::Socket:
  case Kind::SockCommon:
  case Kind::TcpSock:
    return failAbout(DiagCode::WrongPointer, R,
                     Twine("an atomic operation on ") + kindName(R),
                     "atomic operations work on maps and the stack");
  default:
    break;
  }
  Access A;
  A.RegNo = I.Dst;
  A.Off = I.Off;
  A.Bytes = M.Bits / 8;
  A.Atomic = true;
  Reg Loaded = boundedScalar(A.Bytes, false);
  if (!access(A, &Loaded))
    return false;
  A.Write = true;
  if (!access(A, nullptr))
    return false;
  if (M.What == Sem::CMPXCHG)
    define(isa::R0, Loaded, Loaded.Node);
  else if (Fetches)
    define(I.Src, Loaded, Loaded.Node);
  return alwaysThrough(R);
}

bool Verifier::aligned(const Access &A, const Reg &R) {
  unsigned Base = 0;
  bool Strict = O.StrictAlignment;
  switch (R.K) {
  case Kind::Packet:
  case Kind::PacketMeta:
    Base = Strict ? 2 : 0; // NET_IP_ALIGN
    break;
  case Kind::Stack:
    Strict = true;
    break;
  default:
    break;
  }
  if (A.Atomic)
    Strict = true;
  if (!Strict || A.Bytes == 1)
    return true;
  analysis::Tnum T = analysis::add(
      R.Value.Bits,
      analysis::Tnum::constant(uint64_t(int64_t(R.Off) + A.Off) + Base));
  if (((T.Value | T.Mask) & (A.Bytes - 1)) == 0)
    return true;
  return failAbout(DiagCode::Misaligned, R,
                   "an access of " + counted(A.Bytes, "byte") + " at offset " +
                       Twine(int64_t(R.Off) + A.Off) + " of " + kindName(R) +
                       " is not aligned",
                   "access it by smaller parts, or align the variable");
}

bool Verifier::inBounds(const Access &A, const Reg &R, uint64_t Size,
                        const char *What) {
  int64_t Min = R.minOff() + A.Off;
  const Scalar &V = R.Value;
  if (V.Whole.SMin < 0 &&
      (V.Whole.SMin == INT64_MIN || Min < 0 || int32_t(Min) != Min)) {
    precise(R);
    return failAbout(DiagCode::OutOfBounds, R,
                     "the offset into " + Twine(What) + " may be negative" +
                         rangeText(R),
                     "test that the index is not negative, or make it "
                     "unsigned");
  }
  if (Min < 0)
    return failAbout(DiagCode::OutOfBounds, R,
                     "the access is at offset " + Twine(Min) + " of " + What +
                         ", before its start");
  if (V.Whole.UMax >= uint64_t(MaxOffset))
    return failAbout(DiagCode::OutOfBounds, R,
                     "the offset into " + Twine(What) + " has no upper bound" +
                         rangeText(R),
                     "compare the index with the size first, right before the "
                     "access");
  uint64_t End = V.Whole.UMax + uint64_t(int64_t(R.Off) + A.Off) + A.Bytes;
  if (End <= Size)
    return true;
  if (V.isConstant())
    return failAbout(DiagCode::OutOfBounds, R,
                     counted(A.Bytes, "byte") + " at offset " + Twine(Min) +
                         " of " + What + ", which has " +
                         counted(Size, "byte"));
  return failAbout(DiagCode::OutOfBounds, R,
                   "the offset may be as large as " + Twine(End - A.Bytes) +
                       ", and an access of " + counted(A.Bytes, "byte") +
                       " there ends behind " + What + ", which has " +
                       counted(Size, "byte"),
                   "compare the index with the size first");
}

bool Verifier::readConstant(uint32_t Map, uint64_t Off, unsigned Bytes,
                            bool Signed, Reg &Loaded) const {
  const MapDef &M = P.Maps[Map];
  if (O.ConstantsMayChange || !(M.Flags & ReadOnlyForPrograms) ||
      M.MaxEntries != 1 || MapType(M.Type) != MapType::Array ||
      Off + Bytes > M.ValueSize)
    return false;
  for (const auto &Ptr : P.DataPointers)
    if (Ptr.Map == Map && Off < Ptr.Offset + Ptr.Size &&
        Ptr.Offset < Off + Bytes)
      return false;
  auto Order = P.BigEndian ? endianness::big : endianness::little;
  for (const auto &Value : P.Initial)
    if (Value.Map == Map && Off + Bytes <= Value.Value.size()) {
      const uint8_t *At = &Value.Value[Off];
      uint64_t V = Bytes == 1   ? *At
                   : Bytes == 2 ? support::endian::read16(At, Order)
                   : Bytes == 4 ? support::endian::read32(At, Order)
                                : support::endian::read64(At, Order);
      if (Signed && Bytes < 8)
        V = uint64_t(int64_t(V << (64 - 8 * Bytes)) >> (64 - 8 * Bytes));
      Loaded = constantScalar(V);
      return true;
    }
  return false;
}

bool Verifier::mapValueAccess(const Access &A, const Reg &R, Reg *Loaded) {
  const MapDef &M = P.Maps[R.Index];
  std::string Name = "the value of map `" + M.Name + "`";
  if (A.Write && M.Flags & ReadOnlyForPrograms)
    return failAbout(
        DiagCode::ReadOnlyMemory, R, Name + " is read-only for programs",
        StringRef(M.Name).starts_with(".rodata") ? "drop the `const`"
                                                 : "drop BPF_F_RDONLY_PROG");
  if (!A.Write && M.Flags & WriteOnlyForPrograms)
    return failAbout(DiagCode::ReadOnlyMemory, R,
                     Name + " cannot be read by programs");
  if (!inBounds(A, R, M.ValueSize, Name.c_str()))
    return false;
  // Where a number decides what is touched, that number matters.
  if (!R.Value.isConstant())
    precise(R);
  uint64_t First = uint64_t(R.minOff() + A.Off);
  uint64_t End = uint64_t(R.maxOff() + A.Off) + A.Bytes;
  for (const SpecialField &F : P.Maps[R.Index].Special) {
    if (End <= F.Offset || First >= F.Offset + F.Size)
      continue;
    if (F.What == SpecialField::Kptr) {
      if (!R.Value.isConstant() || A.Bytes != 8 || First != F.Offset ||
          A.Atomic)
        return failAbout(DiagCode::SpecialMemory, R,
                         "a kernel pointer in " + Name + " is touched in part",
                         "read it as a whole, at its own offset");
      if (A.Write)
        return storeKptr(A, F);
      *Loaded = loadKptr(F);
      return true;
    }
    return failAbout(DiagCode::SpecialMemory, R,
                     "a field of " + Name +
                         " that only helpers may touch is accessed",
                     "use the helpers for locks, timers, lists and trees; "
                     "copy the other fields one by one");
  }
  if (Loaded && !A.Write && !A.Atomic && R.Value.isConstant())
    (void)readConstant(R.Index, First, A.Bytes, A.SignExtend, *Loaded);
  return true;
}

/// Whether programs of this type see their packet, and may write to it; the
/// kernel's rules for direct packet access. \p H: the helper that does it.
bool Verifier::mayTouchPacket(bool Write, const target::HelperInfo *H) const {
  switch (O.Type) {
  case ProgType::LwtIn:
  case ProgType::LwtOut:
  case ProgType::LwtSeg6local:
  case ProgType::SkReuseport:
  case ProgType::FlowDissector:
  case ProgType::CgroupSkb:
    if (Write)
      return false;
    [[fallthrough]];
  case ProgType::SchedCls:
  case ProgType::SchedAct:
  case ProgType::Xdp:
  case ProgType::LwtXmit:
  case ProgType::SkSkb:
  case ProgType::SkMsg:
    return !H || H->Effects & target::PacketArgs;
  case ProgType::CgroupSockopt:
    return true;
  default:
    return false;
  }
}

bool Verifier::packetAccess(const Access &A, const Reg &R) {
  const char *What = R.is(Kind::Packet) ? "the packet" : "the metadata";
  if (A.Write && !mayTouchPacket(true, nullptr))
    return failAbout(DiagCode::ReadOnlyMemory, R,
                     "programs of this type may not write to packets");
  int64_t Fixed = int64_t(R.Off) + A.Off;
  if (R.Value.Whole.SMin < 0)
    return failAbout(DiagCode::PacketBounds, R,
                     "the offset into " + Twine(What) + " may be negative" +
                         rangeText(R),
                     "test that it is not negative, or make it unsigned");
  if (Fixed < 0)
    return failAbout(DiagCode::PacketBounds, R,
                     "offset " + Twine(Fixed) + " is before the start of " +
                         What);
  if (uint64_t(Fixed) + A.Bytes <= R.Size)
    return true;
  std::string Have =
      R.Size ? "the comparison with `data_end` on this path covers only " +
                   counted(R.Size, "byte")
             : std::string("no comparison with `data_end` on this path");
  return failAbout(
      DiagCode::PacketBounds, R,
      "an access of " + counted(A.Bytes, "byte") + " at offset " +
          Twine(Fixed) + " of " + What + ": " + Have,
      "before it: `if (" +
          (variableOf(R).empty() ? "pointer" : "(void *)" + variableOf(R)) +
          " + " + Twine(uint64_t(Fixed) + A.Bytes) +
          " > data_end) return ...;`");
}

bool Verifier::access(const Access &A, Reg *Loaded) {
  const Reg R = reg(A.RegNo);
  if (R.isScalar()) {
    if (R.isZero())
      return failAbout(DiagCode::NullPointer, R, "a null pointer is used");
    return failAbout(DiagCode::WrongPointer, R,
                     nameOf(R, A.RegNo) +
                         " is a number here, and memory is read or written "
                         "through it",
                     R.is(Kind::Scalar)
                         ? "addresses of the kernel or of user space are read "
                           "by bpf_probe_read_kernel() or "
                           "bpf_probe_read_user()"
                         : "");
  }
  if (R.mayBeNull())
    return failAbout(DiagCode::NullPointer, R,
                     nameOf(R, A.RegNo) + " may be null here", nullTest(R));
  if (R.is(Kind::Arena))
    return true;
  if (R.Off >= MaxOffset || R.Off <= -MaxOffset)
    return failAbout(DiagCode::PointerMath, R, "the offset is too large");
  if (!R.is(Kind::Foreign) && !R.is(Kind::BtfObj) && !aligned(A, R))
    return false;
  switch (R.K) {
  case Kind::Stack:
    return stackAccess(A, R, Loaded);
  case Kind::Ctx:
    return contextAccess(A, R, Loaded);
  case Kind::MapValue:
    return mapValueAccess(A, R, Loaded);
  case Kind::MapKey:
    if (A.Write)
      return failAbout(DiagCode::ReadOnlyMemory, R, "a map's key is written");
    return inBounds(A, R, P.Maps[R.Index].KeySize, "the key");
  case Kind::Mem:
    if (A.Write && R.Flags & ReadOnly)
      return failAbout(DiagCode::ReadOnlyMemory, R,
                       nameOf(R, A.RegNo) + " leads to read-only memory");
    if (!R.Value.isConstant())
      precise(R);
    if (R.Flags & Unsized && !R.Value.isConstant())
      return failAbout(DiagCode::OutOfBounds, R,
                       "the offset into this memory must be constant");
    return inBounds(A, R, R.Size,
                    R.Flags & RingbufRecord ? "the ring buffer record"
                                            : "the memory");
  case Kind::Packet:
  case Kind::PacketMeta:
    return packetAccess(A, R);
  case Kind::FlowKeys: {
    constexpr unsigned FlowKeysSize = 56;
    return inBounds(A, R, FlowKeysSize, "the flow keys");
  }
  case Kind::Socket:
  case Kind::SockCommon:
  case Kind::TcpSock:
    return socketAccess(A, R);
  case Kind::Object:
    return objectAccess(A, R, Loaded);
  case Kind::BtfObj:
    return kernelAccess(A, R, Loaded);
  case Kind::Foreign:
    if (A.Write)
      return cannotJudge("a write to an object of the kernel depends on the "
                         "kernel's types");
    return cannotJudge(
        "this reads an object of the kernel, whose types are not "
        "known here");
  case Kind::MapPtr:
    return mapAccess(A, R, Loaded);
  default:
    return failAbout(DiagCode::WrongPointer, R,
                     Twine(A.Write ? "a write" : "a read") + " through " +
                         kindName(R));
  }
}

bool Verifier::objectAccess(const Access &A, const Reg &R, Reg *Loaded) {
  if (R.Flags & Untrusted)
    return cannotJudge("an object is read after its lock or section ended");
  if (!R.Value.isConstant())
    return failAbout(DiagCode::OutOfBounds, R,
                     "the offset into an object is not constant");
  if (!inBounds(A, R, Btf.sizeOf(R.Index), "the object"))
    return false;
  int64_t Off = R.Off + A.Off;
  for (const SpecialField &F : fieldsOf(R.Index)) {
    if (Off + A.Bytes <= F.Offset || Off >= int64_t(F.Offset) + F.Size)
      continue;
    if (F.What == SpecialField::Kptr && !A.Write && A.Bytes == 8 &&
        Off == F.Offset) {
      *Loaded = loadKptr(F);
      return true;
    }
    return failAbout(DiagCode::SpecialMemory, R,
                     "a field of an object that only kernel functions may "
                     "touch is accessed");
  }
  if (A.Write && !R.Ref && !(R.Flags & (NonOwn | Rcu)))
    return failAbout(DiagCode::ReadOnlyMemory, R,
                     "an object that is not owned is written");
  return true;
}

bool Verifier::returnsNumber(uint32_t SubNumber) const {
  uint32_t Func = U.Subs[SubNumber].FuncType;
  auto K = Btf.type(Btf.strip(Btf.type(Btf.type(Func).Target).Target)).K;
  return K == btf::KindInt || K == btf::KindEnum || K == btf::KindEnum64;
}

bool Verifier::legacyLoad(const isa::Inst &I) {
  switch (O.Type) {
  case ProgType::SocketFilter:
  case ProgType::SchedCls:
  case ProgType::SchedAct:
    break;
  default:
    return fail(DiagCode::BadFlow,
                "only socket filters and tc programs have this load",
                "read the packet through `data` and `data_end`");
  }
  if (!Cur.Refs.empty())
    return fail(DiagCode::Unreleased,
                "this load may end the program, and a reference is held",
                "release it before");
  if (Cur.LockIndex || Cur.InRcu() || Cur.PreemptDepth)
    return fail(DiagCode::LockMisuse,
                "this load may end the program inside a locked section");
  if (Cur.Frames.size() > 1 && before(5, 0))
    return fail(DiagCode::BadFlow, "this load stands in a function");
  if (!read(isa::R6))
    return false;
  if (!reg(isa::R6).is(Kind::Ctx) || reg(isa::R6).Off ||
      !reg(isa::R6).Value.isConstant())
    return fail(DiagCode::WrongPointer,
                "r6 must hold the context for this load");
  if (isa::form(I.Opcode) == isa::Form::Ind && !read(I.Src))
    return false;
  if (Cur.Frames.size() > 1) {
    // Outside the packet the function returns 0.
    const Frame &F = Cur.top();
    if (F.Callback != CallbackKind::None || !returnsNumber(F.Sub))
      return fail(DiagCode::BadFlow,
                  "this load may return 0 from the function, which returns no "
                  "number",
                  "read the packet through `data` and `data_end`");
    State Early = Cur;
    uint32_t Back = F.CallSite + 1;
    Early.Frames.pop_back();
    Reg Zero = constantScalar(0);
    Zero.Node = Graph.define(Pc);
    Early.writable(Early.Frames.size() - 1).R[isa::R0] = Zero;
    if (!push(std::move(Early), Back))
      return false;
  }
  clearCallerSaved();
  define(isa::R0, boundedScalar(isa::meaning(I.Opcode).Bits / 8, false));
  return true;
}

/// \p Bytes from register \p RegNo on, which helper \p H reads or writes.
bool Verifier::region(unsigned RegNo, uint64_t Bytes, bool Write, bool Read,
                      const target::HelperInfo *H, bool ZeroAllowed) {
  const Reg R = reg(RegNo);
  if (R.isZero() && Bytes == 0 && ZeroAllowed)
    return true;
  if (R.isScalar())
    return failAbout(DiagCode::HelperArgument, R,
                     nameOf(R, RegNo) + " is a number, and `" +
                         std::string(H ? H->Name : "the function") +
                         "` wants memory of " + counted(Bytes, "byte") +
                         " here");
  if (R.mayBeNull())
    return failAbout(DiagCode::NullPointer, R,
                     nameOf(R, RegNo) + " may be null here", nullTest(R));
  Access A;
  A.RegNo = RegNo;
  A.Bytes = unsigned(std::min<uint64_t>(Bytes, UINT32_MAX));
  A.Write = Write;
  switch (R.K) {
  case Kind::Stack:
    return stackRegion(R, RegNo, Bytes, Write, Read);
  case Kind::Packet:
  case Kind::PacketMeta:
    if (!mayTouchPacket(Write, H))
      return failAbout(DiagCode::HelperArgument, R,
                       "`" + std::string(H ? H->Name : "the function") +
                           "` cannot take packet memory here",
                       "copy it to the stack first");
    return packetAccess(A, R);
  case Kind::MapValue: {
    Reg Ignored;
    return mapValueAccess(A, R, &Ignored);
  }
  case Kind::MapKey:
  case Kind::Mem: {
    Reg Ignored;
    return access(A, &Ignored);
  }
  case Kind::Ctx:
    if (O.Type == ProgType::Syscall) {
      Reg Ignored;
      return contextAccess(A, R, &Ignored);
    }
    break;
  case Kind::BtfObj: {
    if (H && (Write || !(R.Flags & Trusted)))
      break;
    A.Write = false;
    Reg Ignored;
    return kernelAccess(A, R, &Ignored);
  }
  case Kind::Foreign:
    return cannotJudge("memory of the kernel is handed to a helper, and its "
                       "type is not known here");
  default:
    break;
  }
  return failAbout(DiagCode::HelperArgument, R,
                   Twine(kindName(R)) + " is no memory that `" +
                       std::string(H ? H->Name : "the function") +
                       "` can take");
}

} // namespace bpfcc::verify
