#ifndef BPFCC_RUNTIME_MEMORY_GRACE_H
#define BPFCC_RUNTIME_MEMORY_GRACE_H

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace bpfcc {

class Memory;

/// Gives memory back that programs may still use when it is deleted: once each
/// run that was under way when nothing led to it any more has ended. This is
/// read-copy-update (McKenney and Slingwine, 1998), by epochs (Fraser,
/// "Practical lock-freedom", 2004): what is retired is stamped with the number
/// of the epoch, a run with that in which it began.
///
/// Readers pay two plain stores a run: the fence that they would need is one
/// that who frees asks of all threads, by membarrier(2), where there is that.
class Grace {
public:
  static constexpr unsigned MaxReaders = 256;

  explicit Grace(Memory &Mem);
  ~Grace();
  Grace(const Grace &) = delete;
  Grace &operator=(const Grace &) = delete;

  /// A number that no other reader has; ~0u if there are MaxReaders. Number 0
  /// is given from the start on.
  unsigned addReader();
  void removeReader(unsigned Reader);

  /// Until leave(), nothing is freed that can be reached from now on. Sections
  /// do not nest.
  void enter(unsigned Reader) {
    std::atomic<uint64_t> &Since = Readers[Reader].Since;
    Since.store(Epoch.load(std::memory_order_acquire),
                std::memory_order_relaxed);
    if (Asymmetric)
      std::atomic_signal_fence(std::memory_order_seq_cst);
    else
      std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  /// Frees what can be freed, if there is enough of it.
  void leave(unsigned Reader) {
    Readers[Reader].Since.store(0, std::memory_order_release);
    if (NumDead.load(std::memory_order_relaxed))
      collectSome();
  }

  /// Takes a region of memory, or what \p Free frees, that no more leads to.
  void retire(uint64_t Guest);
  void retire(void *Host, void (*Free)(void *));

  /// Frees what no reader can have.
  void collect() { collect(/*AtLeave=*/false); }

private:
  struct alignas(64) Reader {
    std::atomic<uint64_t> Since{0}; ///< the epoch of its run; 0: it has none
    bool IsTaken = false;
  };
  struct Dead {
    uint64_t Epoch;
    uint64_t Guest; ///< 0: Host
    void *Host;
    void (*Free)(void *);
    void free(Memory &Mem) const;
  };

  void add(uint64_t Guest, void *Host, void (*Free)(void *));
  void collectSome();
  void collect(bool AtLeave);
  void fenceReaders() const;

  Memory &Mem;
  bool Asymmetric;
  std::atomic<uint64_t> Epoch{1};
  std::atomic<uint64_t> NumDead{0};
  std::atomic<unsigned> NumReaders{1}; ///< up to the last that was ever given
  std::mutex Lock;                     ///< of what follows
  std::unique_ptr<Reader[]> Readers;
  std::deque<Dead> Retired; ///< in the order of their epochs
};

} // namespace bpfcc

#endif
