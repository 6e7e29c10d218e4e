#include "packet.h"

static __always_inline __u64 compute(const __u8 *p) {
  for (int i = 0; i + 4 <= BYTES; i++)
    if (p[i] == 'E' && p[i + 1] == 0 && p[i + 2] != 0 && p[i + 3] > ' ')
      return i;
  return 100;
}
