#include "packet.h"

static __always_inline __u8 letter(__u32 six) {
  return six < 26 ? 'A' + six : six < 52 ? 'a' + six - 26 : six < 62 ? '0' + six - 52
         : six == 62 ? '+' : '/';
}

static __always_inline __u64 compute(const __u8 *p) {
  __u64 result = 0;
  for (int i = 0; i < BYTES; i += 3) {
    __u32 bits = p[i] << 16 | p[i + 1] << 8 | p[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6)
      result = result * 131 + letter(bits >> shift & 63);
  }
  return result;
}
