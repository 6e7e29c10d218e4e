#ifndef BPFCC_TEST_RUNTIME_MAPS_KERNELMAP_H
#define BPFCC_TEST_RUNTIME_MAPS_KERNELMAP_H

// A map of the kernel and the objects that can be put into one, through
// bpf(2).

#include "runtime/maps/Map.h"

#include <memory>
#include <string>
#include <vector>

namespace bpfcc {

/// BPF_MAP_TYPE_CGRP_STORAGE, which headers before Linux 6.2 lack.
constexpr uint32_t CgrpStorageType = 32;

/// A descriptor that is closed at the end.
class Descriptor {
public:
  explicit Descriptor(int Fd) : Fd(Fd) {}
  ~Descriptor();
  Descriptor(Descriptor &&Other) noexcept : Fd(std::exchange(Other.Fd, -1)) {}
  Descriptor &operator=(Descriptor &&) = delete;
  int get() const { return Fd; }

private:
  int Fd;
};

/// What can be put into a map, or be the key of one, as user space writes it
/// and as it reads it back.
struct Objects {
  std::vector<uint64_t> Put, Seen;
  std::vector<Descriptor> Fds;

  void add(int Fd, uint64_t SeenAs);
};

Objects programs();   ///< seen as their ids
Objects innerMaps();  ///< seen as their ids
Objects interfaces(); ///< all that there are, and 0
Objects queueSizes(); ///< of a cpumap, the first too large
Objects perfEvents();
Objects cgroups();
Objects udpSockets(); ///< seen as their cookies
Objects xdpSockets();
Objects tasks();
Objects files();

/// Each call gives what bpf(2) gives, a negative errno for an error.
class KernelMap {
public:
  explicit KernelMap(const MapDef &D);

  /// 0, or why the map could not be made.
  int error() const { return std::min(Fd.get(), 0); }

  int lookup(const void *Key, void *Value) const;
  int update(const void *Key, const void *Value, uint64_t Flags) const;
  int erase(const void *Key) const;
  int nextKey(const void *Key, void *Next) const;
  int take(const void *Key, void *Value) const; ///< lookup and delete

private:
  int element(int Command, const void *Key, const void *Value,
              uint64_t Flags = 0) const;

  Descriptor Fd;
};

/// How many values a per-CPU element has here.
unsigned possibleCpus();

/// Whether bpf(2) makes no map at all.
bool isBpfRefused();

} // namespace bpfcc

#endif
