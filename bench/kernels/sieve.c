#include "kernel.h"

ENTRY __u64 entry(struct job *job) {
  __u8 *composite = job->work;
  __u64 primes = 0;
  for (__u32 i = 0; i < 4096; i++)
    composite[i] = 0;
  for (__u32 i = 2; i < 4096; i++) {
    if (composite[i])
      continue;
    primes++;
    for (__u32 j = 2 * i; j < 4096; j += i)
      composite[j] = 1;
  }
  return primes;
}
