#include "packet.h"

static __always_inline __u32 rotate(__u32 x, int n) { return x << n | x >> (32 - n); }

static __always_inline __u64 compute(const __u8 *p) {
  __u32 a = 0xdeadbeef + BYTES, b = a, c = a;
  for (int i = 0; i < BYTES; i += 12) {
    a += word(p + i);
    b += word(p + i + 4);
    c += word(p + i + 8);
    a -= c, a ^= rotate(c, 4), c += b;
    b -= a, b ^= rotate(a, 6), a += c;
    c -= b, c ^= rotate(b, 8), b += a;
    a -= c, a ^= rotate(c, 16), c += b;
    b -= a, b ^= rotate(a, 19), a += c;
    c -= b, c ^= rotate(b, 4), b += a;
  }
  c ^= b, c -= rotate(b, 14);
  a ^= c, a -= rotate(c, 11);
  b ^= a, b -= rotate(a, 25);
  return (__u64)b << 32 | c;
}
