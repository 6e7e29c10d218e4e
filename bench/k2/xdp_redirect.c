// Sends each packet back to where it came from, by another interface.
#include "packet.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, int);
  __type(value, int);
  __uint(max_entries, 1);
} port SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __type(key, __u32);
  __type(value, long);
  __uint(max_entries, 1);
} received SEC(".maps");

SEC("xdp")
int xdp_redirect(struct xdp_md *ctx) {
  void *data_end = (void *)(long)ctx->data_end;
  void *data = (void *)(long)ctx->data;
  __u32 key = 0;
  if (data + sizeof(struct ethhdr) > data_end)
    return XDP_DROP;
  int *ifindex = bpf_map_lookup_elem(&port, &key);
  if (!ifindex)
    return XDP_DROP;
  long *count = bpf_map_lookup_elem(&received, &key);
  if (count)
    *count += 1;
  swap_mac_addresses(data);
  return bpf_redirect(*ifindex, 0);
}

char LICENSE[] SEC("license") = "GPL";
