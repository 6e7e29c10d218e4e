#include "kernel.h"

// Shell sort of 1,000 numbers.
ENTRY __u64 entry(struct job *job) {
  const __u32 *in = (const __u32 *)job->input;
  __u32 *v = (__u32 *)job->work;
  for (__u32 i = 0; i < 1000; i++)
    v[i] = in[i];
  for (__u32 gap = 364; gap; gap /= 3)
    for (__u32 i = gap; i < 1000; i++) {
      __u32 x = v[i], j = i;
      for (; j >= gap && v[j - gap] > x; j -= gap)
        v[j] = v[j - gap];
      v[j] = x;
    }
  return v[10] ^ v[500] ^ (__u64)v[990] << 16;
}
