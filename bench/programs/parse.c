#include "packet.h"

static __always_inline __u64 compute(const __u8 *p) {
  __u32 type = p[12] << 8 | p[13], at = 14;
  if (type == 0x8100 || type == 0x88a8) {
    type = p[16] << 8 | p[17];
    at = 18;
  }
  if (type == 0x86dd)
    return p[at + 6] * 7 + p[at + 7];
  if (type != 0x0800)
    return type;
  __u64 result = (__u64)bpf_ntohl(word(p + at + 12)) << 32 | bpf_ntohl(word(p + at + 16));
  switch (p[at + 9]) {
  case 1:
    return result + p[at + 20];
  case 6:
    return result ^ p[at + 22] << 8 ^ (p[at + 20] & 2 ? 1 : 3);
  case 17:
    return result ^ p[at + 20] << 8 ^ p[at + 21];
  default:
    return result;
  }
}
