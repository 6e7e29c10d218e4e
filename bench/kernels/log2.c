#include "kernel.h"

static inline __attribute__((always_inline)) __u32 log2_u32(__u32 v) {
  __u32 r, shift;
  r = (v > 0xffff) << 4, v >>= r;
  shift = (v > 0xff) << 3, v >>= shift, r |= shift;
  shift = (v > 0xf) << 2, v >>= shift, r |= shift;
  shift = (v > 0x3) << 1, v >>= shift, r |= shift;
  return r | (v >> 1);
}

ENTRY __u64 entry(struct job *job) {
  const __u32 *in = (const __u32 *)job->input;
  __u64 sum = 0;
  for (__u32 i = 0; i < 2048; i++)
    sum += log2_u32(in[i] >> (i & 31));
  return sum;
}
