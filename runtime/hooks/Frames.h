#ifndef BPFCC_RUNTIME_HOOKS_FRAMES_H
#define BPFCC_RUNTIME_HOOKS_FRAMES_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace bpfcc {

/// A list of frames whose bytes lie one after the other, so that going
/// through millions of them reads memory from its start to its end.
class Frames {
public:
  /// \p Time: nanoseconds since any moment, the same for all.
  void add(llvm::ArrayRef<uint8_t> Frame, uint64_t Time = 0) {
    Bytes.insert(Bytes.end(), Frame.begin(), Frame.end());
    Ends.push_back(Bytes.size());
    Times.push_back(Time);
  }
  /// How long after the first frame, or that before it if it is earlier, frame
  /// \p N came.
  uint64_t sinceFirst(size_t N) const {
    return Times[N] < Times[0] ? 0 : Times[N] - Times[0];
  }
  llvm::ArrayRef<uint8_t> operator[](size_t N) const {
    size_t Start = N ? Ends[N - 1] : 0;
    return {Bytes.data() + Start, Ends[N] - Start};
  }
  size_t size() const { return Ends.size(); }
  bool empty() const { return Ends.empty(); }

private:
  std::vector<uint8_t> Bytes;
  std::vector<size_t> Ends;
  std::vector<uint64_t> Times;
};

} // namespace bpfcc

#endif
