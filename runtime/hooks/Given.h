#ifndef BPFCC_RUNTIME_HOOKS_GIVEN_H
#define BPFCC_RUNTIME_HOOKS_GIVEN_H

#include "runtime/hooks/Context.h"
#include "runtime/hooks/EventSource.h"
#include "runtime/hooks/Frames.h"

namespace bpfcc {

/// The events are \p Packets, one after the other, \p Repeat times, as long
/// after the first as they came. Errors of programs name the packet by its
/// number.
class GivenPackets : public EventSource {
public:
  GivenPackets(Environment &Env, HookKind Kind, const PacketOptions &Options,
               Frames Packets, uint64_t Repeat)
      : Env(Env), Kind(Kind), Options(Options), Packets(std::move(Packets)),
        Repeat(Repeat) {}
  llvm::Error run(Handler Handle) override;

private:
  Environment &Env;
  HookKind Kind;
  PacketOptions Options;
  Frames Packets;
  uint64_t Repeat;
};

/// The event is a context of the bytes \p Bytes, \p Repeat times.
class GivenContext : public EventSource {
public:
  GivenContext(Environment &Env, bool Writable, std::vector<uint8_t> Bytes,
               uint64_t Repeat)
      : Env(Env), Writable(Writable), Bytes(std::move(Bytes)), Repeat(Repeat) {}
  llvm::Error run(Handler Handle) override;

private:
  Environment &Env;
  bool Writable;
  std::vector<uint8_t> Bytes;
  uint64_t Repeat;
};

} // namespace bpfcc

#endif
