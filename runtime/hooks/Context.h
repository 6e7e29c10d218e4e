#ifndef BPFCC_RUNTIME_HOOKS_CONTEXT_H
#define BPFCC_RUNTIME_HOOKS_CONTEXT_H

#include "runtime/helpers/Environment.h"
#include "runtime/hooks/Hooks.h"

#include "llvm/Support/Endian.h"

namespace bpfcc {

struct PacketOptions {
  uint32_t Ifindex = 1; ///< the interface that the packet came in by
  uint32_t Mark = 0;
  /// The program's type: what it may touch of its context. Unspec: the type
  /// that the HookKind is called after.
  target::ProgType Type = target::ProgType::Unspec;
  /// What BPF_PROG_TEST_RUN does: a socket filter sees the packet from the
  /// network header on, not from the link header as on a packet socket.
  bool AsTestRun = false;
};

/// One event: the context of a program and, for packets, the packet. It stands
/// in the environment's memory while this lives. Does not move.
class Context {
public:
  /// The context of a packet program for the Ethernet frame \p Frame.
  Context(Environment &Env, HookKind Kind, llvm::ArrayRef<uint8_t> Frame,
          const PacketOptions &Options = {});
  /// The context of any other program: \p Bytes as they are.
  Context(Environment &Env, bool Writable, llvm::ArrayRef<uint8_t> Bytes);
  ~Context();
  /// Makes this what the constructor makes for \p Frame. The packet stands
  /// where the last one stood if it can: only what differs is written.
  void renew(llvm::ArrayRef<uint8_t> Frame);
  Context(const Context &) = delete;
  Context &operator=(const Context &) = delete;

  /// What r1 holds.
  uint64_t address() const { return Guest; }

  /// The frame as the program left it, from the link header on where the
  /// program saw it.
  llvm::ArrayRef<uint8_t> packet() const {
    return Pkt.Buffer.slice(Pkt.Start, Pkt.End - Pkt.Start);
  }
  /// What the program put before the packet by bpf_xdp_adjust_meta.
  llvm::ArrayRef<uint8_t> metadata() const {
    return Pkt.Buffer.slice(Pkt.Meta, Pkt.Start - Pkt.Meta);
  }
  llvm::ArrayRef<uint8_t> bytes() const { return Ctx; }

private:
  void placeContext(uint64_t Size, Memory::Access A);
  void applyRules(const target::CtxAccess &Rules);
  void placeFrame(llvm::ArrayRef<uint8_t> Frame);
  void replaceFrame(llvm::ArrayRef<uint8_t> Frame);
  void setBounds(llvm::ArrayRef<uint8_t> Frame);
  void moveEnd(uint32_t From, uint32_t To);
  void fill(llvm::ArrayRef<uint8_t> Frame);
  void fillXdp();
  void fillSkb(llvm::ArrayRef<uint8_t> Frame);
  void set(unsigned Offset, uint32_t Value) {
    llvm::support::endian::write32(&Ctx[Offset], Value, Order);
  }

  Environment &Env;
  HookKind Kind = HookKind::Raw;
  PacketOptions Options;
  llvm::endianness Order =
      Env.Mem.isBigEndian() ? llvm::endianness::big : llvm::endianness::little;
  Packet Pkt;
  llvm::MutableArrayRef<uint8_t> Ctx;
  uint64_t Guest = 0;
};

} // namespace bpfcc

#endif
