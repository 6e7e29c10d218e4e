#include "kernel.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 256);
  __type(key, __u32);
  __type(value, __u64);
} counts SEC(".maps");

ENTRY __u64 entry(struct job *job) {
  __u64 sum = 0;
  for (__u32 i = 0; i < 512; i++) {
    __u32 key = job->input[i];
    __u64 *count = bpf_map_lookup_elem(&counts, &key);
    if (count) {
      *count += 1;
      sum += *count;
    }
  }
  return sum;
}
