#include "kernel.h"

ENTRY __u64 entry(struct job *job) {
  const __u32 *k = (const __u32 *)job->input;
  __u32 a = 0xdeadbeef, b = a, c = a;
  for (__u32 i = 0; i < 3000; i += 3) {
    a += k[i];
    b += k[i + 1];
    c += k[i + 2];
    a -= c, a ^= rotate32(c, 4), c += b;
    b -= a, b ^= rotate32(a, 6), a += c;
    c -= b, c ^= rotate32(b, 8), b += a;
    a -= c, a ^= rotate32(c, 16), c += b;
    b -= a, b ^= rotate32(a, 19), a += c;
    c -= b, c ^= rotate32(b, 4), b += a;
  }
  return (__u64)b << 32 | c;
}
