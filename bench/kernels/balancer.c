#include "kernel.h"

// A layer 4 load balancer: hash of the flow, ring of backends, new addresses and an
// updated checksum for 256 packets of 64 bytes.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
} backends SEC(".maps");

static inline __attribute__((always_inline)) __u32 mix(__u32 a, __u32 b, __u32 c) {
  c ^= b, c -= rotate32(b, 14);
  a ^= c, a -= rotate32(c, 11);
  b ^= a, b -= rotate32(a, 25);
  c ^= b, c -= rotate32(b, 16);
  a ^= c, a -= rotate32(c, 4);
  b ^= a, b -= rotate32(a, 14);
  c ^= b, c -= rotate32(b, 24);
  return c;
}

ENTRY __u64 entry(struct job *job) {
  __u64 result = 0;
  for (__u32 i = 0; i < 256; i++) {
    const __u32 *from = (const __u32 *)(job->input + i * 64);
    __u32 *to = (__u32 *)(job->work + i * 64);
    __u32 key = mix(from[3], from[4], from[5]) & 63;
    __u64 *backend = bpf_map_lookup_elem(&backends, &key);
    if (!backend)
      return 0;
    __u64 sum = (from[2] & 0xffff) + (~from[4] & 0xffff) + (~from[4] >> 16);
    __u32 address = (__u32)*backend + 0x0a000001 + key;
    sum += (address & 0xffff) + (address >> 16);
    sum = (sum >> 16) + (sum & 0xffff);
    for (__u32 n = 0; n < 16; n++)
      to[n] = from[n];
    to[4] = address;
    to[2] = (from[2] & 0xffff0000) | (__u16)sum;
    *backend += 1 << 8;
    result += to[2] ^ address;
  }
  return result;
}
