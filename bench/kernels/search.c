#include "kernel.h"

// Binary search in 2,048 numbers that rise.
ENTRY __u64 entry(struct job *job) {
  const __u16 *in = (const __u16 *)job->input;
  __u32 *v = (__u32 *)job->work;
  __u64 sum = 0;
  for (__u32 i = 0; i < 2048; i++)
    v[i] = i * 32;
  for (__u32 i = 0; i < 512; i++) {
    __u32 low = 0, high = 2048, wanted = in[i];
    while (low + 1 < high) {
      __u32 middle = (low + high) / 2;
      if (v[middle] <= wanted)
        low = middle;
      else
        high = middle;
    }
    sum += low;
  }
  return sum;
}
