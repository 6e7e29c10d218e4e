#include "kernel.h"

#define N 24

ENTRY __u64 entry(struct job *job) {
  const __u32 *a = (const __u32 *)job->input, *b = a + N * N;
  __u32 *c = (__u32 *)job->work;
  for (__u32 i = 0; i < N; i++)
    for (__u32 j = 0; j < N; j++) {
      __u32 sum = 0;
      for (__u32 k = 0; k < N; k++)
        sum += a[i * N + k] * b[k * N + j];
      c[i * N + j] = sum;
    }
  return c[0] ^ c[N * N - 1];
}
