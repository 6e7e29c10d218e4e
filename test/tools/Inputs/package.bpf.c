#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} bytes SEC(".maps");

SEC("xdp") int count(struct xdp_md *ctx) {
  __u32 first = 0;
  __u64 *sum = bpf_map_lookup_elem(&bytes, &first);
  if (sum)
    *sum += ctx->data_end - ctx->data;
  return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
