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
  void add(llvm::ArrayRef<uint8_t> Frame) {
    Bytes.insert(Bytes.end(), Frame.begin(), Frame.end());
    Ends.push_back(Bytes.size());
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
};

} // namespace bpfcc

#endif
