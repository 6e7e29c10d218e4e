#ifndef BPFCC_SUPPORT_COUNTED_H
#define BPFCC_SUPPORT_COUNTED_H

#include <cstdint>
#include <string>

namespace bpfcc {

/// `1 byte`, `2 bytes`: \p N of what \p One names.
inline std::string counted(uint64_t N, const char *One) {
  return std::to_string(N) + " " + One + (N == 1 ? "" : "s");
}

} // namespace bpfcc

#endif
