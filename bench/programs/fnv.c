#include "packet.h"

static __always_inline __u64 compute(const __u8 *p) {
  __u64 h = 0xcbf29ce484222325;
  for (int i = 0; i < BYTES; i++)
    h = (h ^ p[i]) * 0x100000001b3;
  return h;
}
