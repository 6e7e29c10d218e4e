#include "packet.h"

static __always_inline __u64 rotate(__u64 x, int n) { return x << n | x >> (64 - n); }

static __always_inline __u64 compute(const __u8 *p) {
  __u64 a = 0x736f6d6570736575, b = 0x646f72616e646f6d;
  __u64 c = 0x6c7967656e657261, d = 0x7465646279746573;
  for (int i = 0; i <= BYTES + 16; i += 8) {
    __u64 m = i < BYTES ? wide(p + i) : 0xff;
    d ^= m;
    for (int round = 0; round < 2; round++) {
      a += b, b = rotate(b, 13) ^ a, a = rotate(a, 32);
      c += d, d = rotate(d, 16) ^ c;
      a += d, d = rotate(d, 21) ^ a;
      c += b, b = rotate(b, 17) ^ c, c = rotate(c, 32);
    }
    a ^= m;
  }
  return a ^ b ^ c ^ d;
}
