// Reading and writing packets, sending them elsewhere, asking about them.

#include "runtime/helpers/Call.h"
#include "runtime/helpers/PacketEdit.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/xxhash.h"

#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {
namespace {

constexpr uint64_t MaxOffset = 0x7fffffff;

Error needPacket(const Call &C, bool Xdp) {
  if (C.Env.Pkt && C.Env.Pkt->IsXdp == Xdp)
    return Error::success();
  return C.error(Xdp ? "the context is no struct xdp_md"
                     : "the context is no struct __sk_buff");
}

Result skbLoad(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  uint64_t Offset = uint32_t(C.R[1]), Size = uint32_t(C.R[3]);
  const uint8_t *From =
      Offset > MaxOffset ? nullptr : PacketEdit(C.Env).at(Offset, Size);
  if (!From) {
    memset(C.Mem[2], 0, Size);
    return fail(EFAULT);
  }
  memmove(C.Mem[2], From, Size);
  return 0;
}

Result skbLoadRelative(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  enum { LinkHeader, NetworkHeader };
  uint64_t Offset = uint32_t(C.R[1]), Size = uint32_t(C.R[3]);
  const Packet &P = *C.Env.Pkt;
  int64_t Base = C.R[4] == LinkHeader ? C.Env.LinkOffset : C.Env.NetworkOffset;
  int64_t From = int64_t(P.Start) + Base + int64_t(Offset);
  if (Offset > 0xffff || C.R[4] > NetworkHeader || From < 0 ||
      uint64_t(From) + Size > P.End) {
    memset(C.Mem[2], 0, Size);
    return fail(EFAULT);
  }
  memmove(C.Mem[2], P.Buffer.data() + From, Size);
  return 0;
}

Result skbStore(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  constexpr uint64_t RecomputeChecksum = 1, InvalidateHash = 2;
  uint64_t Offset = uint32_t(C.R[1]), Size = uint32_t(C.R[3]);
  if (C.R[4] & ~(RecomputeChecksum | InvalidateHash))
    return fail(EINVAL);
  PacketEdit Edit(C.Env);
  uint8_t *To = Offset > MaxOffset ? nullptr : Edit.at(Offset, Size);
  if (!To)
    return fail(EFAULT);
  memmove(To, C.Mem[2], Size);
  if (C.R[4] & InvalidateHash)
    Edit.setField(skbuff::Hash, 0);
  return 0;
}

/// Checks what bpf_xdp_load_bytes and bpf_xdp_store_bytes have in common.
uint8_t *xdpBytes(const Call &C, int &Errno) {
  uint64_t Offset = uint32_t(C.R[1]), Size = uint32_t(C.R[3]);
  if (Offset > 0xffff || Size > 0xffff) {
    Errno = EFAULT;
    return nullptr;
  }
  Errno = EINVAL;
  return PacketEdit(C.Env).at(Offset, Size);
}

Result xdpLoad(Call &C) {
  if (Error E = needPacket(C, true))
    return std::move(E);
  int Errno;
  const uint8_t *From = xdpBytes(C, Errno);
  if (!From)
    return fail(Errno);
  memmove(C.Mem[2], From, uint32_t(C.R[3]));
  return 0;
}

Result xdpStore(Call &C) {
  if (Error E = needPacket(C, true))
    return std::move(E);
  int Errno;
  uint8_t *To = xdpBytes(C, Errno);
  if (!To)
    return fail(Errno);
  memmove(To, C.Mem[2], uint32_t(C.R[3]));
  return 0;
}

Result xdpSize(Call &C) {
  if (Error E = needPacket(C, true))
    return std::move(E);
  return PacketEdit(C.Env).size();
}

enum Action : uint64_t {
  XdpAborted = 0,
  XdpRedirect = 4,
  TcShot = 2,
  TcRedirect = 7
};
constexpr uint64_t Ingress = 1;

Result redirect(Call &C) {
  Packet *P = C.Env.Pkt;
  if (!P)
    return C.error("there is no packet");
  if (P->IsXdp) {
    if (C.R[1])
      return uint64_t(XdpAborted);
    P->Redirect = uint32_t(C.R[0]);
    P->RedirectMap = ~0u;
    return uint64_t(XdpRedirect);
  }
  if (C.R[1] & ~Ingress)
    return uint64_t(TcShot);
  P->Redirect = uint32_t(C.R[0]);
  return uint64_t(TcRedirect);
}

/// The two lowest bits of the flags are the verdict if the slot is empty.
Result redirectMap(Call &C) {
  constexpr uint64_t Verdict = 3, Broadcast = 8, ExcludeIngress = 16;
  Packet *P = C.Env.Pkt;
  if (!P)
    return C.error("there is no packet");
  if (C.M->def().KeySize != 4)
    return C.error("map `" + C.M->def().Name + "` holds no targets");
  if (C.R[2] & ~(Verdict | Broadcast | ExcludeIngress))
    return uint64_t(XdpAborted);
  uint8_t Key[4];
  C.store(Key, 4, C.R[1]);
  if (!(C.R[2] & Broadcast) && !C.M->lookup(Key, C.Env.Cpu))
    return C.R[2] & Verdict;
  P->Redirect = uint32_t(C.R[1]);
  P->RedirectMap = mapNumber(C.Env, C.R[0]);
  return uint64_t(XdpRedirect);
}

Result cloneRedirect(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  if (C.R[2] & ~Ingress)
    return fail(EINVAL);
  Packet &P = *C.Env.Pkt;
  auto Data = P.Buffer.begin();
  P.Clones.push_back({uint32_t(C.R[1]), {Data + P.Start, Data + P.End}});
  return 0;
}

/// There is no routing table: nothing is forwarded.
Result fibLookup(Call &C) {
  constexpr uint64_t ParamsSize = 64, KnownFlags = 0x3f, NotForwarded = 4;
  if (C.R[2] < ParamsSize || C.R[3] & ~KnownFlags)
    return fail(EINVAL);
  return NotForwarded;
}

/// The kernel's hash has a random key; ours is the same in every run. Never 0,
/// which means unknown.
Result hash(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  PacketEdit Edit(C.Env);
  if (!Edit.field(skbuff::Hash)) {
    // Addresses and ports of IPv4 without options.
    constexpr uint32_t First = 12, Size = 12;
    uint32_t Offset = uint32_t(std::max(C.Env.NetworkOffset, 0)) + First;
    const uint8_t *Flow = Edit.at(Offset, Size);
    ArrayRef<uint8_t> Bytes =
        Flow ? ArrayRef(Flow, Size) : ArrayRef(Edit.at(0, 0), Edit.size());
    Edit.setField(skbuff::Hash, uint32_t(xxh3_64bits(Bytes)) | 1);
  }
  return Edit.field(skbuff::Hash);
}

Result setHash(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  PacketEdit(C.Env).setField(skbuff::Hash, uint32_t(C.R[1]));
  return 0;
}

Result dropHash(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  PacketEdit(C.Env).setField(skbuff::Hash, 0);
  return 0;
}

/// The overflow user id: packets here belong to no socket.
Result socketUid(Call &) { return 65534; }

} // namespace

HelperFunction packetHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("skb_load_bytes", skbLoad)
      .Case("skb_load_bytes_relative", skbLoadRelative)
      .Case("skb_store_bytes", skbStore)
      .Case("xdp_load_bytes", xdpLoad)
      .Case("xdp_store_bytes", xdpStore)
      .Case("xdp_get_buff_len", xdpSize)
      .Case("redirect", redirect)
      .Case("redirect_map", redirectMap)
      .Case("clone_redirect", cloneRedirect)
      .Case("fib_lookup", fibLookup)
      .Case("get_hash_recalc", hash)
      .Case("set_hash", setHash)
      .Case("set_hash_invalid", dropHash)
      .Case("get_socket_uid", socketUid)
      .Default(nullptr);
}

} // namespace bpfcc
