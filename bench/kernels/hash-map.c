#include "kernel.h"

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, __u64);
} flows SEC(".maps");

ENTRY __u64 entry(struct job *job) {
  const __u32 *in = (const __u32 *)job->input;
  __u64 sum = 0;
  for (__u32 i = 0; i < 256; i++) {
    __u32 key = in[i] & 511;
    __u64 *flow = bpf_map_lookup_elem(&flows, &key), one = 1;
    if (flow)
      sum += ++*flow;
    else
      bpf_map_update_elem(&flows, &key, &one, 0);
  }
  return sum;
}
