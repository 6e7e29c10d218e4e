#ifndef BPFCC_TEST_RUNTIME_HELPERS_WORLD_H
#define BPFCC_TEST_RUNTIME_HELPERS_WORLD_H

#include "backend/target/Helpers.h"
#include "runtime/helpers/Environment.h"
#include "runtime/helpers/PacketEdit.h"
#include "support/Diagnostic.h"

#include <gtest/gtest.h>

namespace bpfcc {

/// An environment to call helpers in, with some memory of the program's.
struct World {
  explicit World(bool BigEndian = false) : Mem(BigEndian), Env{Mem, Maps} {
    Base = Mem.add(512, Memory::ReadWrite, "stack");
    Bytes = {Mem.host(Base), 512};
  }

  uint32_t addMap(uint32_t Type, uint32_t Key, uint32_t Value, uint32_t Max,
                  uint32_t Flags = 0) {
    MapDef D;
    D.Name = "m";
    D.Type = Type;
    D.KeySize = Key;
    D.ValueSize = Value;
    D.MaxEntries = Max;
    D.Flags = Flags;
    Maps.push_back(llvm::cantFail(createMap(D, Mem)));
    return uint32_t(Maps.size() - 1);
  }

  /// A packet with \p Head bytes before it and a context of \p CtxSize bytes.
  void addPacket(std::vector<uint8_t> Data, bool Xdp, uint32_t Head = 256) {
    placePacket(Mem, Pkt, 4096 - 320);
    std::fill(Pkt.Buffer.begin(), Pkt.Buffer.end(), 0xee);
    std::copy(Data.begin(), Data.end(), Pkt.Buffer.begin() + Head);
    Pkt.Start = Pkt.Meta = Head;
    Pkt.End = Head + uint32_t(Data.size());
    Pkt.IsXdp = Xdp;
    Pkt.Ctx = Mem.add(192, Memory::ReadWrite, "context");
    Ctx = {Mem.host(Pkt.Ctx), 192};
    Env.Pkt = &Pkt;
    Env.NetworkOffset = 14;
  }
  std::vector<uint8_t> packet() const {
    return {Pkt.Buffer.begin() + Pkt.Start, Pkt.Buffer.begin() + Pkt.End};
  }
  uint32_t field(unsigned Offset) const {
    return uint32_t(Mem.load(&Ctx[Offset], 4));
  }

  int64_t call(const char *Name, std::vector<uint64_t> Args) {
    auto R = callHelper(Env, number(Name), Args);
    if (R)
      return int64_t(*R);
    ADD_FAILURE() << takeMessages(R.takeError());
    return INT64_MIN;
  }
  std::string error(const char *Name, std::vector<uint64_t> Args) {
    auto R = callHelper(Env, number(Name), Args);
    if (R)
      return "no error";
    return takeMessages(R.takeError());
  }

  /// Of a helper or of a kernel function.
  static uint32_t number(const char *Name) {
    const target::HelperInfo *H = target::helperByName(Name);
    return (H ? H : target::kfuncByName(Name))->Id;
  }

  /// Writes text with its final zero at \p Offset of the stack.
  uint64_t text(unsigned Offset, llvm::StringRef S) {
    memcpy(&Bytes[Offset], S.data(), S.size());
    Bytes[Offset + S.size()] = 0;
    return Base + Offset;
  }

  llvm::MutableArrayRef<uint8_t> Bytes;
  llvm::MutableArrayRef<uint8_t> Ctx;
  Packet Pkt;
  Memory Mem;
  std::vector<std::unique_ptr<Map>> Maps;
  Environment Env;
  uint64_t Base = 0;
};

} // namespace bpfcc

#endif
