#include "kernel.h"

ENTRY __u64 entry(struct job *job) {
  const __u64 *from = (const __u64 *)job->input;
  __u64 *to = (__u64 *)job->work;
  for (__u32 i = 0; i < INPUT / 8; i++) {
    to[i] = from[i];
    __asm__ volatile("" ::: "memory"); // no call of the library's memcpy
  }
  return to[INPUT / 8 - 1];
}
