#include "packet.h"

static __always_inline __u64 compute(const __u8 *p) {
  __u32 total = 0;
  for (int i = 0; i < BYTES; i += 2)
    total += p[i] << 8 | p[i + 1];
  total = (total >> 16) + (total & 0xffff);
  total += total >> 16;
  return (__u16)~total;
}
