#include "kernel.h"

static NOINLINE int compare(const __u8 *a, const __u8 *b) {
  while (*a && *a == *b)
    a++, b++;
  return *a - *b;
}

ENTRY __u64 entry(struct job *job) {
  __u8 *a = job->work, *b = job->work + 1024;
  __u64 result = 0;
  for (__u32 i = 0; i < 1000; i++)
    a[i] = b[i] = job->input[i] | 1;
  a[1000] = b[1000] = 0;
  for (__u32 i = 0; i < 16; i++) {
    b[999 - i] ^= 2;
    result = result * 31 + compare(a, b);
  }
  return result;
}
