// Counts packets by the last byte of the sender's address, for one protocol.
#include "packet.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, long);
  __uint(max_entries, 256);
} received SEC(".maps");

SEC("xdp")
int xdp_map_access(struct xdp_md *ctx) {
  void *data_end = (void *)(long)ctx->data_end;
  void *data = (void *)(long)ctx->data;
  struct ethhdr *eth = data;
  __u32 key = 0;
  if (data + sizeof(*eth) > data_end)
    return XDP_DROP;
  __u16 type = eth->h_proto;
  if (type == bpf_htons(ETH_P_IP))
    key = parse_ipv4(data, sizeof(*eth), data_end);
  long *count = bpf_map_lookup_elem(&received, &key);
  if (count)
    *count += 1;
  return XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
