#ifndef BPFCC_RUNTIME_HOOKS_INTERFACE_H
#define BPFCC_RUNTIME_HOOKS_INTERFACE_H

#include "runtime/hooks/Context.h"
#include "runtime/hooks/EventSource.h"

#include <string>

namespace bpfcc {

/// The events are the packets that come in by a network interface, until there
/// were \p Count (0: no limit), \p Seconds have passed (0: no limit), or SIGINT
/// or SIGTERM. Packets are copies: the kernel gets them too, so that XDP_DROP
/// and TC_ACT_SHOT keep nothing from it. XDP_TX, XDP_REDIRECT and
/// TC_ACT_REDIRECT to an interface, and bpf_clone_redirect send the packet.
/// Error: RunError if there is no such Ethernet interface, or without
/// CAP_NET_RAW.
class Interface : public EventSource {
public:
  struct Limits {
    uint64_t Count = 0;
    double Seconds = 0;
  };
  Interface(Environment &Env, HookKind Kind, const PacketOptions &Options,
            std::string Name, Limits Until)
      : Env(Env), Kind(Kind), Options(Options), Name(std::move(Name)),
        Until(Until) {}
  llvm::Error run(Handler Handle) override;

private:
  Environment &Env;
  HookKind Kind;
  PacketOptions Options;
  std::string Name;
  Limits Until;
};

} // namespace bpfcc

#endif
