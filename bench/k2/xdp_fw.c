// A firewall for two ports: packets from outside pass if inside spoke first.
#include "packet.h"

#define INSIDE 6
#define OUTSIDE 7

struct flow {
  __u32 source, destination;
  __u16 source_port, destination_port;
  __u8 protocol;
};

struct verdict {
  __u8 out_port;
};

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(key_size, 4);
  __uint(value_size, 4);
  __uint(max_entries, 10);
} ports SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, struct flow);
  __type(value, struct verdict);
  __uint(max_entries, 1024);
} flows SEC(".maps");

static inline void order(struct flow *flow) {
  if (flow->source > flow->destination) {
    __u32 address = flow->source;
    flow->source = flow->destination;
    flow->destination = address;
    __u16 port = flow->source_port;
    flow->source_port = flow->destination_port;
    flow->destination_port = port;
  }
}

SEC("xdp")
int xdp_fw(struct xdp_md *ctx) {
  void *data_end = (void *)(long)ctx->data_end;
  void *data = (void *)(long)ctx->data;
  struct flow flow = {};
  struct ethhdr *eth = data;
  if ((void *)(eth + 1) > data_end)
    return XDP_DROP;
  if (eth->h_proto != bpf_htons(ETH_P_IP))
    return XDP_DROP;
  struct iphdr *ip = (void *)(eth + 1);
  if ((void *)(ip + 1) > data_end)
    return XDP_DROP;
  if (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP)
    return XDP_DROP;
  struct udphdr *udp = (void *)(ip + 1);
  if ((void *)(udp + 1) > data_end)
    return XDP_DROP;
  flow.protocol = ip->protocol;
  flow.source = ip->saddr;
  flow.destination = ip->daddr;
  flow.source_port = udp->source;
  flow.destination_port = udp->dest;
  order(&flow);
  struct verdict fresh = {OUTSIDE};
  if (ctx->ingress_ifindex == OUTSIDE) {
    struct verdict *known = bpf_map_lookup_elem(&flows, &flow);
    if (known)
      return bpf_redirect_map(&ports, known->out_port, 0);
    return XDP_DROP;
  }
  struct verdict *known = bpf_map_lookup_elem(&flows, &flow);
  if (!known) {
    bpf_map_update_elem(&flows, &flow, &fresh, BPF_ANY);
    return bpf_redirect_map(&ports, OUTSIDE, 0);
  }
  return bpf_redirect_map(&ports, known->out_port, 0);
}

char LICENSE[] SEC("license") = "GPL";
