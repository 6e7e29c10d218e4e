#include "kernel.h"

static NOINLINE __u64 leaf(__u64 a, __u64 b) { return (a ^ b) * 31 + (a >> 7); }
static NOINLINE __u64 middle(__u64 a, __u64 b, __u64 c) {
  return leaf(a, b) + leaf(b, c) * 3;
}

ENTRY __u64 entry(struct job *job) {
  const __u64 *in = (const __u64 *)job->input;
  __u64 sum = 0;
  for (__u32 i = 0; i < 1000; i++)
    sum ^= middle(sum, in[i], i);
  return sum;
}
