#include "kernel.h"

ENTRY __u64 entry(struct job *job) {
  const __u16 *in = (const __u16 *)job->input;
  __u64 result = 0;
  for (__u32 packet = 0; packet < 8; packet++) {
    __u64 sum = packet;
    for (__u32 i = 0; i < 750; i++) {
      sum += in[packet * 750 + i];
      __asm__ volatile("" : "+r"(sum)); // one at a time
    }
    sum = (sum >> 16) + (sum & 0xffff);
    sum += sum >> 16;
    result = result * 3 + (__u16)~sum;
  }
  return result;
}
