#include "kernel.h"

ENTRY __u64 entry(struct job *job) {
  const __u64 *in = (const __u64 *)job->input;
  __u64 a = 0x736f6d6570736575, b = 0x646f72616e646f6d;
  __u64 c = 0x6c7967656e657261, d = 0x7465646279746573;
  for (__u32 i = 0; i < 1024; i++) {
    d ^= in[i];
    for (int round = 0; round < 2; round++) {
      a += b, b = rotate64(b, 13) ^ a, a = rotate64(a, 32);
      c += d, d = rotate64(d, 16) ^ c;
      a += d, d = rotate64(d, 21) ^ a;
      c += b, b = rotate64(b, 17) ^ c, c = rotate64(c, 32);
    }
    a ^= in[i];
  }
  return a ^ b ^ c ^ d;
}
