#include "runtime/hooks/Interface.h"

#include "backend/target/MapTypes.h"
#include "runtime/hooks/StopSignals.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/ScopeExit.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <linux/if_packet.h>
#include <net/if.h>
#include <optional>
#include <pcap/pcap.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {

namespace {
using Capture = std::unique_ptr<pcap_t, void (*)(pcap_t *)>;

/// Sends frames by any interface.
class Sender {
public:
  ~Sender() {
    if (Socket >= 0)
      close(Socket);
  }
  Error send(uint32_t Ifindex, ArrayRef<uint8_t> Frame) {
    if (Socket < 0)
      Socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    sockaddr_ll To{};
    To.sll_family = AF_PACKET;
    To.sll_ifindex = int(Ifindex);
    if (sendto(Socket, Frame.data(), Frame.size(), 0,
               reinterpret_cast<sockaddr *>(&To), sizeof(To)) >= 0)
      return Error::success();
    return diagError(DiagCode::RunError, {},
                     "cannot send a packet by interface " +
                         std::to_string(Ifindex) + ": " + strerror(errno));
  }

private:
  int Socket = -1;
};
} // namespace

static Error cannotListen(StringRef Name, const Twine &Why) {
  return diagError(DiagCode::RunError, {},
                   ("cannot listen on `" + Name + "`: " + Why).str());
}

static Expected<Capture> listen(const std::string &Name) {
  char Text[PCAP_ERRBUF_SIZE] = {};
  Capture C(pcap_create(Name.c_str(), Text), pcap_close);
  if (!C)
    return cannotListen(Name, Text);
  constexpr int LargestFrame = 65535;
  pcap_set_snaplen(C.get(), LargestFrame);
  pcap_set_immediate_mode(C.get(), 1);
  int Result = pcap_activate(C.get());
  if (Result == PCAP_ERROR_PERM_DENIED)
    return cannotListen(Name, "it takes root, or CAP_NET_RAW");
  if (Result < 0)
    return cannotListen(Name, Twine(pcap_statustostr(Result)) + ", " +
                                  pcap_geterr(C.get()));
  if (pcap_datalink(C.get()) != DLT_EN10MB)
    return cannotListen(Name, "it is no Ethernet interface");
  if (pcap_setdirection(C.get(), PCAP_D_IN) ||
      pcap_setnonblock(C.get(), 1, Text) < 0)
    return cannotListen(Name, pcap_geterr(C.get()));
  return C;
}

/// The interface in the slot of a map that bpf_redirect_map chose. Slots of
/// other maps stand for processors and sockets.
static std::optional<uint32_t> deviceAt(Environment &Env, const Packet &P) {
  Map &M = *Env.Maps[P.RedirectMap];
  auto Type = MapType(M.def().Type);
  if (Type != MapType::DevMap && Type != MapType::DevMapHash)
    return std::nullopt;
  uint8_t Key[4];
  Env.Mem.store(Key, 4, P.Redirect);
  std::vector<uint8_t> Value = M.valueForUser(Key);
  if (Value.size() < 4) // a broadcast, to all of them
    return std::nullopt;
  return uint32_t(Env.Mem.load(Value.data(), 4));
}

/// The interface that the verdict \p R0 sends the packet by.
static std::optional<uint32_t> outgoing(Environment &Env, HookKind Kind,
                                        uint64_t R0, uint32_t Own) {
  constexpr uint32_t XdpTx = 3, XdpRedirect = 4, TcRedirect = 7;
  const Packet &P = *Env.Pkt;
  auto Verdict = uint32_t(R0);
  if (Kind == HookKind::Xdp && Verdict == XdpTx)
    return Own;
  bool Redirected = (Kind == HookKind::Xdp && Verdict == XdpRedirect) ||
                    (Kind == HookKind::Tc && Verdict == TcRedirect);
  if (!Redirected || P.Redirect == ~0u)
    return std::nullopt;
  return P.RedirectMap == ~0u ? P.Redirect : deviceAt(Env, P);
}

Error Interface::run(Handler Handle) {
  Options.Ifindex = if_nametoindex(Name.c_str());
  if (!Options.Ifindex)
    return cannotListen(Name, strerror(errno));
  auto From = listen(Name);
  if (!From)
    return From.takeError();
  StopSignals Signals;
  Sender Out;
  Context C(Env, Kind, {}, Options);
  using Clock = std::chrono::steady_clock;
  auto Start = Clock::now();
  uint64_t Seen = 0;
  while (!Signals.received() && (!Until.Count || Seen != Until.Count)) {
    std::chrono::duration<double> Passed = Clock::now() - Start;
    if (Until.Seconds && Passed.count() >= Until.Seconds)
      break;
    pcap_pkthdr *Header = nullptr;
    const u_char *Bytes = nullptr;
    int Result = pcap_next_ex(From->get(), &Header, &Bytes);
    if (Result == 0) {
      constexpr int Turn = 50; // milliseconds
      pollfd Ready{pcap_get_selectable_fd(From->get()), POLLIN, 0};
      poll(&Ready, 1, Turn);
      continue;
    }
    if (Result != 1)
      return cannotListen(Name, pcap_geterr(From->get()));
    ++Seen;
    C.renew({Bytes, Header->caplen});
    auto R0 = Handle(0, C.address());
    if (!R0)
      return R0.takeError();
    for (const auto &[By, Frame] : Env.Pkt->Clones)
      if (Error E = Out.send(By, Frame))
        return E;
    if (auto By = outgoing(Env, Kind, *R0, Options.Ifindex))
      if (Error E = Out.send(*By, C.packet()))
        return E;
  }
  return Error::success();
}

} // namespace bpfcc
