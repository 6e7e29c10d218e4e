// SPDX-License-Identifier: Apache-2.0
// Counts packets by the power of two of their size: slot N holds the packets
// of 2^N to 2^(N+1) - 1 bytes; slot 0 also the empty ones.

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define SLOTS 17

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, SLOTS);
  __type(key, __u32);
  __type(value, __u64);
} sizes SEC(".maps");

static __always_inline __u32 log2_floor(__u32 value) {
  __u32 result = 0;
  for (int shift = 16; shift > 0; shift /= 2) {
    if (value >> shift) {
      value >>= shift;
      result += shift;
    }
  }
  return result;
}

SEC("socket")
int histogram(struct __sk_buff *skb) {
  __u32 slot = log2_floor(skb->len);
  if (slot >= SLOTS)
    slot = SLOTS - 1;
  __u64 *packets = bpf_map_lookup_elem(&sizes, &slot);
  if (packets)
    __sync_fetch_and_add(packets, 1);
  return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
