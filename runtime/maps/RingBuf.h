#ifndef BPFCC_RUNTIME_MAPS_RINGBUF_H
#define BPFCC_RUNTIME_MAPS_RINGBUF_H

#include "runtime/maps/Map.h"

#include <atomic>
#include <deque>
#include <map>
#include <optional>

namespace bpfcc {

/// What the two ring buffers have in common: no keys, no elements.
class Ring : public Map {
public:
  using Map::Map;
  int update(const uint8_t *Key, const uint8_t *Value, uint64_t Flags,
             unsigned Cpu) override;
  int erase(const uint8_t *Key) override;
  int nextKey(const uint8_t *Key, uint8_t *Next) override;
};

/// A ring buffer that user space writes and programs drain.
class UserRingBuf : public Ring {
public:
  using Ring::Ring;

  /// Adds a sample. -E2BIG if it is larger than the buffer, -ENOSPC if it has
  /// no room now.
  int produce(llvm::ArrayRef<uint8_t> Sample);

  /// Takes the oldest sample out, into memory that a program may touch until
  /// release(). Null if there is none.
  struct Sample {
    uint64_t Guest = 0;
    uint32_t Size = 0;
  };
  std::optional<Sample> consume();
  void release(const Sample &S);
  /// Held while a program drains the buffer: the kernel lets one at a time.
  bool startDraining() { return !Draining.exchange(true); }
  void stopDraining() { Draining = false; }

private:
  std::deque<std::vector<uint8_t>> Samples; ///< oldest first
  uint64_t Used = 0;                        ///< bytes, headers included
  std::atomic<bool> Draining{false};
};

/// A ring buffer whose reader always keeps up: what is submitted leaves it at
/// once, so that only reservations that are still open take up room.
class RingBuf : public Ring {
public:
  using Ring::Ring;

  /// The guest address of a new record of \p Size bytes, which is not visible
  /// to readers yet; 0 if there is no room.
  uint64_t reserve(uint64_t Size);

  /// Closes the record at \p Guest: puts its bytes into \p Bytes. False if no
  /// open record starts there.
  bool release(uint64_t Guest, std::vector<uint8_t> &Bytes);

  /// Counts a record that is put in and taken out in one step. False if there
  /// is no room for one of \p Size bytes.
  bool pass(uint64_t Size);

  /// bpf_ringbuf_query. 0 for unknown questions.
  uint64_t query(uint64_t What) const;

private:
  bool hasRoom(uint64_t Size) const;

  std::map<uint64_t, uint64_t> Open; ///< sizes of records by their addresses
  uint64_t Reserved = 0; ///< bytes of open records, headers included
  uint64_t Position = 0; ///< bytes ever produced
};

} // namespace bpfcc

#endif
