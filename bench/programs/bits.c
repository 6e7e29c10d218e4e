#include "packet.h"

static __always_inline __u64 compute(const __u8 *p) {
  __u64 result = 0;
  for (int i = 0; i < BYTES; i += 8) {
    __u64 x = wide(p + i);
    result += __builtin_popcountll(x) * 3 + (x ? __builtin_clzll(x) : 64);
    result ^= __builtin_bswap64(x) ^ (x & -x);
  }
  return result;
}
