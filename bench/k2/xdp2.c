// Counts packets by protocol, sends UDP back and drops the rest.
#include "packet.h"

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __type(key, __u32);
  __type(value, long);
  __uint(max_entries, 256);
} received SEC(".maps");

SEC("xdp")
int xdp2(struct xdp_md *ctx) {
  void *data_end = (void *)(long)ctx->data_end;
  void *data = (void *)(long)ctx->data;
  struct ethhdr *eth = data;
  int verdict = XDP_DROP;
  __u64 offset = sizeof(*eth);
  if (data + offset > data_end)
    return verdict;
  __u16 type = eth->h_proto;
  for (int i = 0; i < 2; i++) {
    if (type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD)) {
      struct vlan_hdr *vlan = data + offset;
      offset += sizeof(*vlan);
      if (data + offset > data_end)
        return verdict;
      type = vlan->protocol;
    }
  }
  __u32 protocol = 0;
  if (type == bpf_htons(ETH_P_IP))
    protocol = parse_ipv4(data, offset, data_end);
  else if (type == bpf_htons(ETH_P_IPV6))
    protocol = parse_ipv6(data, offset, data_end);
  long *count = bpf_map_lookup_elem(&received, &protocol);
  if (count)
    *count += 1;
  if (protocol == IPPROTO_UDP) {
    swap_mac_addresses(data);
    verdict = XDP_TX;
  }
  return verdict;
}

char LICENSE[] SEC("license") = "GPL";
