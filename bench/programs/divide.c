#include "packet.h"

static __always_inline __u64 compute(const __u8 *p) {
  __u64 result = 0;
  for (int i = 0; i < BYTES; i += 16) {
    __u64 a = wide(p + i), b = wide(p + i + 8);
    result += a / (b >> 40 | 1) ^ b % (a >> 48 | 1);
    result += a / 1000000007 + b % 10;
  }
  return result;
}
