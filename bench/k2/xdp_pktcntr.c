// Counts packets while a flag in a map is set.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u32);
  __uint(max_entries, 2);
} control SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 512);
} counters SEC(".maps");

SEC("xdp")
int xdp_pktcntr(struct xdp_md *ctx) {
  __u32 flag_key = 0, counter_key = 0;
  __u32 *flag = bpf_map_lookup_elem(&control, &flag_key);
  if (!flag || *flag == 0)
    return XDP_PASS;
  __u64 *counter = bpf_map_lookup_elem(&counters, &counter_key);
  if (counter)
    *counter += 1;
  return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
