#include "packet.h"

static __always_inline __u64 compute(const __u8 *p) {
  __u32 v[10];
  for (int i = 0; i < 10; i++)
    v[i] = word(p + 4 * i);
#pragma unroll
  for (int i = 0; i < 10; i++)
#pragma unroll
    for (int j = i + 1; j < 10; j++)
      if (v[j] < v[i]) {
        __u32 t = v[i];
        v[i] = v[j], v[j] = t;
      }
  __u64 result = 0;
  for (int i = 0; i < 10; i++)
    result = result * 37 + v[i];
  return result;
}
