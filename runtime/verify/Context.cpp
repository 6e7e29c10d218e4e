// What a program may touch of the context that r1 pointed to at its start. The
// kernel's own structure is another one: it rewrites each access by its offset,
// so the offset must stand in the instruction, and it knows for each program
// type which fields may be read and written and how wide
// (backend/target/ctx_fields.def).

#include "runtime/verify/Verifier.h"

#include "backend/target/CtxFields.h"
#include "support/Counted.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using target::CtxFieldInfo;
using target::CtxLayout;
using target::ProgType;

/// Fields that are only read as they are; of others parts may be read.
static bool isWholeOnly(const CtxFieldInfo &F) {
  StringRef Name = F.Name;
  if (F.Layout == CtxLayout::SkLookup)
    return Name == "sk";
  return Name.starts_with("data") || Name == "sk" || Name == "flow_keys" ||
         Name == "tstamp" || Name.ends_with("hwtstamp") || Name == "optval" ||
         Name == "optval_end" || Name == "eth_protocol" || Name == "skb_data" ||
         Name == "skb_data_end" || Name == "migrating_sk" ||
         Name == "remote_ip4" || Name == "local_ip4" || Name == "remote_ip6" ||
         Name == "local_ip6" || Name == "remote_port" || Name == "local_port";
}

/// Arrays are read by elements of 4 bytes; cb by anything.
static bool widthFits(const CtxFieldInfo &F, const Access &A, unsigned Off) {
  if (StringRef(F.Name) == "cb")
    return true;
  unsigned Element = F.Size > 8 ? 4 : F.Size;
  // Addresses of sockets, two words at once.
  if (F.Layout == CtxLayout::SockAddr && F.Size == 16 && A.Bytes == 8)
    return true;
  if (A.Bytes == Element)
    return (Off - F.Offset) % Element == 0;
  if (A.Write || isWholeOnly(F) || A.Bytes > Element)
    return false;
  return (Off - F.Offset) % Element + A.Bytes <= Element;
}

/// A field that is a pointer when it is loaded; false if there is no such one.
bool Verifier::packetPointerField(uint32_t Off, Reg &Loaded) {
  const target::ProgTypeInfo *T = target::progTypeInfo(O.Type);
  Reg R;
  R.Value = Scalar::constant(0);
  for (const CtxFieldInfo &F : target::ctxFields()) {
    if (!T || F.Layout != T->Context || F.Offset != Off)
      continue;
    StringRef Name = F.Name;
    if (Name == "data" || Name == "skb_data" || Name == "optval")
      R.K = Kind::Packet;
    else if (Name == "data_meta")
      R.K = Kind::PacketMeta;
    else if (Name == "data_end" || Name == "skb_data_end" ||
             Name == "optval_end")
      R.K = Kind::PacketEnd;
    else if (Name == "flow_keys")
      R.K = Kind::FlowKeys;
    else if (Name == "sk" || Name == "migrating_sk") {
      R.K = Name == "sk" && O.Type != ProgType::SockOps &&
                    O.Type != ProgType::CgroupSockAddr &&
                    O.Type != ProgType::CgroupSockopt &&
                    O.Type != ProgType::SkLookup && O.Type != ProgType::SkMsg &&
                    O.Type != ProgType::SkReuseport
                ? Kind::SockCommon
                : Kind::Socket;
      if (O.Type == ProgType::SkReuseport && Name == "migrating_sk")
        R.K = Kind::SockCommon;
      bool Always = O.Type == ProgType::CgroupSockAddr ||
                    O.Type == ProgType::CgroupSockopt ||
                    O.Type == ProgType::SkMsg ||
                    (O.Type == ProgType::SkReuseport && Name == "sk");
      if (!Always) {
        R.Flags = MayBeNull;
        R.Id = newId();
      }
    } else
      return false;
    Loaded = R;
    return true;
  }
  return false;
}

bool Verifier::contextAccess(const Access &A, const Reg &R, Reg *Loaded) {
  const target::ProgTypeInfo *T = target::progTypeInfo(O.Type);
  if (!T)
    return cannotJudge("the program's type is not known");
  if (O.Type == ProgType::Syscall) {
    constexpr unsigned ContextSize = 65535;
    return inBounds(A, R, ContextSize, "the context");
  }
  if (!R.Value.isConstant())
    return failAbout(DiagCode::ContextAccess, R,
                     "the context is accessed at an offset that is not "
                     "constant",
                     "choose between fields, not between offsets");
  if (R.Off || R.Value.Bits.Value)
    return failAbout(DiagCode::ContextAccess, R,
                     "the context is accessed through a pointer that was moved",
                     "access fields through the context itself");
  if (A.Off < 0)
    return failAbout(DiagCode::ContextAccess, R,
                     "offset " + Twine(A.Off) + " is before the context");
  unsigned Off = unsigned(A.Off);
  auto Bad = [&](const Twine &What, const Twine &Help = "") {
    return failAbout(DiagCode::ContextAccess, R,
                     Twine(A.Write ? "a write of " : "a read of ") +
                         counted(A.Bytes, "byte") + " at offset " + Twine(Off) +
                         " of the context: " + What,
                     Help);
  };
  if (Off % A.Bytes)
    return Bad("the offset is no multiple of the width");
  switch (T->Context) {
  case CtxLayout::PtRegs: {
    constexpr unsigned RegsSize = 21 * 8; // struct pt_regs of x86-64
    if (A.Write)
      return Bad("the registers are read-only");
    return Off + A.Bytes <= RegsSize || Bad("there are 168 bytes of registers");
  }
  case CtxLayout::PerfEvent: {
    constexpr unsigned RegsSize = 21 * 8, Size = RegsSize + 16;
    if (A.Write)
      return Bad("it is read-only");
    if (Off + A.Bytes > Size || (Off < RegsSize && A.Bytes != 8))
      return Bad("no such field");
    return true;
  }
  case CtxLayout::Words: {
    if (O.Type == ProgType::Tracepoint) {
      constexpr unsigned MaxRecord = 8192;
      if (A.Write)
        return Bad("records of tracepoints are read-only");
      return Off + A.Bytes <= MaxRecord || Bad("no record is that long");
    }
    if (Event)
      return hookAccess(A, Off, Loaded);
    if (O.Type == ProgType::Ext ||
        (O.Type == ProgType::Tracing && O.AttachType == Iter))
      return cannotJudge("the context depends on the kernel's types");
    constexpr unsigned MaxArguments = 12;
    if (A.Write)
      return Bad("arguments are read-only");
    if (A.Bytes != 8)
      return Bad("arguments are read as 8 bytes",
                 "use BPF_PROG() or a __u64 array");
    if (Off + A.Bytes > MaxArguments * 8)
      return Bad("no event has that many arguments");
    if (O.Type == ProgType::RawTracepoint ||
        O.Type == ProgType::RawTracepointWritable) {
      if (O.Type == ProgType::RawTracepointWritable && Off == 0)
        return cannotJudge("the buffer of a writable tracepoint");
      return true; // numbers, as far as the kernel knows
    }
    if (O.Type == ProgType::Tracing || O.Type == ProgType::Lsm ||
        O.Type == ProgType::StructOps || O.Type == ProgType::Ext) {
      Reg Argument;
      Argument.K = Kind::Foreign;
      Argument.Value = Scalar::constant(0);
      if (Loaded)
        *Loaded = Argument;
      return true;
    }
    return true;
  }
  case CtxLayout::Netfilter: {
    Reg Argument;
    Argument.K = Kind::Foreign;
    Argument.Value = Scalar::constant(0);
    if (A.Write || A.Bytes != 8 || Off > 8)
      return Bad("it has two pointers to read");
    if (O.Types)
      Argument = kernelObject(
          O.Types->record(Off ? "sk_buff" : "nf_hook_state"), Trusted);
    if (Loaded)
      *Loaded = Argument;
    return true;
  }
  case CtxLayout::Word:
    if (A.Write || A.Bytes != 4 || Off)
      return Bad("it is one word to read");
    return true;
  case CtxLayout::None:
  case CtxLayout::Bytes:
    return cannotJudge("the context of this program type is not known");
  default:
    break;
  }
  // The port was once a word, and may still be read as one.
  constexpr unsigned LookupPort = 36;
  if (T->Context == CtxLayout::SkLookup && Off == LookupPort && A.Bytes == 4 &&
      !A.Write)
    return true;
  const CtxFieldInfo *Field = nullptr;
  bool Known = false;
  for (const CtxFieldInfo &F : target::ctxFields()) {
    Known |= F.Layout == T->Context;
    if (F.Layout == T->Context && Off >= F.Offset &&
        Off + A.Bytes <= unsigned(F.Offset) + F.Size)
      Field = &F;
  }
  if (!Known)
    return cannotJudge("the context of this program type is not known");
  if (!Field)
    return Bad("no field lies there");
  std::string Name = Field->Name;
  uint64_t Who = A.Write ? Field->Writers : Field->Readers;
  if (!(Who >> unsigned(O.Type) & 1))
    return Bad("programs of this type may not " +
               Twine(A.Write ? "write" : "read") + " `" + Name + "`");
  if (!widthFits(*Field, A, Off))
    return Bad("`" + Name + "` is accessed by its own width of " +
               counted(Field->Size > 8 ? 4 : Field->Size, "byte"));
  if (A.Write) {
    if (A.Stored && !A.Stored->Node &&
        !hasFeature(O.Kernel, target::Feature::StoreImmToCtx))
      return Bad("constants are stored to the context from Linux 6.6 on",
                 "compile with -mcpu=v3");
    return true;
  }
  if (Loaded && A.Bytes >= 4 && packetPointerField(Off, *Loaded) &&
      A.SignExtend)
    return Bad("a pointer is loaded with its sign extended");
  return true;
}

/// struct bpf_sock and its kin, read through pointers.
bool Verifier::socketAccess(const Access &A, const Reg &R) {
  constexpr int SocketSize = 80, TcpSocketSize = 112;
  constexpr int FirstFull = 8, EndFull = 24; // type to priority
  int Off = R.Off + A.Off;
  if (A.Write)
    return failAbout(DiagCode::ReadOnlyMemory, R, "a socket is written");
  if (!R.Value.isConstant())
    return failAbout(DiagCode::OutOfBounds, R,
                     "a socket is read at an offset that is not constant");
  int Size = R.is(Kind::TcpSock) ? TcpSocketSize : SocketSize;
  bool Bad = Off < 0 || Off + int(A.Bytes) > Size || Off % int(A.Bytes);
  if (R.is(Kind::SockCommon))
    Bad |= Off >= FirstFull && Off < EndFull;
  if (R.is(Kind::TcpSock)) {
    constexpr int BytesReceived = 80;
    Bad |= Off >= BytesReceived && Off < BytesReceived + 16 ? A.Bytes != 8
                                                            : A.Bytes != 4;
  } else {
    constexpr int Padding = 50; // behind dst_port
    Bad |= A.Bytes > 4 || (Off >= Padding && Off < Padding + 2);
  }
  return !Bad ||
         failAbout(DiagCode::OutOfBounds, R,
                   "an access of " + counted(A.Bytes, "byte") + " at offset " +
                       Twine(Off) + " of a socket is no field of it");
}

} // namespace bpfcc::verify
