#ifndef BPFCC_RUNTIME_VERIFY_STATE_H
#define BPFCC_RUNTIME_VERIFY_STATE_H

#include "backend/analysis/Scalar.h"
#include "runtime/verify/Nodes.h"

#include <array>
#include <memory>
#include <vector>

namespace bpfcc::verify {

/// What a register holds.
enum class Kind : uint8_t {
  NotInit,
  Scalar,
  Ctx,
  MapPtr,   ///< Index: map number
  MapValue, ///< Index: map number
  MapKey,   ///< Index: map number
  Stack,    ///< Index: frame number
  Packet,   ///< Size: bytes behind it that were compared with the end
  PacketMeta,
  PacketEnd,
  FlowKeys,
  Mem,    ///< Size: bytes
  Object, ///< made by bpf_obj_new; Index: type in the program's BTF
  BtfObj, ///< object of the kernel; Index: type in the kernel's BTF
  Socket,
  SockCommon,
  TcpSock,
  Func,   ///< Index: subprog
  Dynptr, ///< argument of a callback
  Arena,  ///< memory that programs share with user space; all of it may be used
  Foreign, ///< of the kernel, whose types are not given
};

/// What is said of pointers beside their kind.
enum : uint16_t {
  MayBeNull = 1,
  ReadOnly = 2,
  RingbufRecord = 4,
  Untrusted = 8,
  Rcu = 16,       ///< valid until the RCU section ends
  NonOwn = 32,    ///< of an object that a list or tree owns
  InDynptr = 64,  ///< Index: the dynptr
  InPacket = 128, ///< part of a packet, by a dynptr
  Trusted = 256,  ///< of the kernel, alive as long as the program runs
  PerCpu = 512,   ///< of each processor; helpers choose one
  User = 1024,    ///< memory of a process
  Unsized = 2048, ///< memory whose size is compared when it is attached
};

struct Reg {
  Kind K = Kind::NotInit;
  uint16_t Flags = 0;
  bool HasDelta = false;
  int32_t Off = 0;    ///< of pointers; of linked numbers what was added
  uint32_t Id = 0;    ///< pointers or numbers with one Id are one value
  uint32_t Ref = 0;   ///< the reference that it holds or comes from
  uint32_t Index = 0; ///< see Kind
  uint32_t Size = 0;  ///< see Kind
  Nodes::Id Node = 0;
  analysis::Scalar Value; ///< the number; the variable part of an offset

  bool is(Kind Other) const { return K == Other; }
  bool isScalar() const { return K == Kind::Scalar; }
  bool isPointer() const { return K != Kind::Scalar && K != Kind::NotInit; }
  bool isPacket() const { return K == Kind::Packet || K == Kind::PacketMeta; }
  bool mayBeNull() const { return Flags & MayBeNull; }
  bool isConstant() const { return isScalar() && Value.isConstant(); }
  bool isZero() const { return isConstant() && Value.Bits.Value == 0; }
  /// Smallest and largest offset of a pointer.
  int64_t minOff() const { return Off + Value.Whole.SMin; }
  int64_t maxOff() const { return Off + Value.Whole.SMax; }
};

enum class Byte : uint8_t { Invalid, Spill, Misc, Zero, Dynptr, Iter };

/// Eight bytes of stack. Bytes[0] is the lowest address. Spill describes what a
/// spilled register holds, or the dynptr or iterator; its Node is the slot's.
struct StackSlot {
  std::array<Byte, 8> Bytes{};
  Reg Spill;

  /// Whether its low bytes, or all, hold a spilled register.
  bool isSpill() const { return Bytes[0] == Byte::Spill; }
  bool isFullSpill() const { return isSpill() && Bytes[7] == Byte::Spill; }
  bool isSpecial() const {
    return Bytes[0] == Byte::Dynptr || Bytes[0] == Byte::Iter;
  }
};

enum class CallbackKind : uint8_t {
  None,
  Loop,
  ForEachMap,
  Other,
  Tree, ///< compares nodes
  Async
};

struct Frame {
  std::array<Reg, isa::NumRegs> R;
  std::vector<StackSlot> Stack; ///< [0] is r10-8
  uint32_t Sub = 0;             ///< number in the Unit
  uint32_t CallSite = 0;        ///< instruction of the caller
  uint32_t CallbackDepth = 0;   ///< rounds that callbacks called here had
  uint32_t RefsBefore = 0;      ///< of callbacks: references held at the start
  CallbackKind Callback = CallbackKind::None;
};

/// Something that a path must give back.
struct Reference {
  uint32_t Id = 0;
  uint32_t Inst = 0; ///< where it was taken
  const char *What = "";
};

/// All that is known at one instruction of one path. Frames are shared until
/// one is written.
struct State {
  std::vector<std::shared_ptr<Frame>> Frames;
  std::vector<Reference> Refs;
  uint32_t LockId = 0;    ///< of the map value or object that is locked
  uint32_t LockIndex = 0; ///< its map, plus 1; 0 for no lock
  uint32_t LockInst = 0;
  uint32_t RcuDepth = 0, PreemptDepth = 0;
  uint32_t MayGotoDepth = 0;
  uint32_t History = 0; ///< last branch on the way here; see Verifier
  bool InRcu() const { return RcuDepth != 0; }

  const Frame &frame(size_t N) const { return *Frames[N]; }
  Frame &writable(size_t N) {
    if (Frames[N].use_count() > 1)
      Frames[N] = std::make_shared<Frame>(*Frames[N]);
    return *Frames[N];
  }
  const Frame &top() const { return *Frames.back(); }
};

} // namespace bpfcc::verify

#endif
