// Routes IPv4 packets: by destination from a hash, or by the longest prefix
// and the neighbour's address.
#include "packet.h"

struct route {
  __u8 prefix[4];
  __be64 mac;
  int ifindex, metric;
  __be32 gateway;
};

struct prefix_key {
  __u32 bits;
  __u8 address[4];
};

struct neighbour {
  __be64 mac;
  __be32 address;
};

struct direct_route {
  struct neighbour neighbour;
  int ifindex;
  __be64 mac;
};

struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(key_size, 8);
  __uint(value_size, sizeof(struct route));
  __uint(max_entries, 50);
  __uint(map_flags, BPF_F_NO_PREALLOC);
} routes SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 256);
} received SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, __be32);
  __type(value, __be64);
  __uint(max_entries, 50);
} neighbours SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, __be32);
  __type(value, struct direct_route);
  __uint(max_entries, 50);
} direct_routes SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(key_size, 4);
  __uint(value_size, 4);
  __uint(max_entries, 100);
} ports SEC(".maps");

static inline void set_mac(void *to, void *from) {
  unsigned short *t = to, *f = from;
  t[0] = f[0];
  t[1] = f[1];
  t[2] = f[2];
}

SEC("xdp")
int xdp_router_ipv4(struct xdp_md *ctx) {
  void *data_end = (void *)(long)ctx->data_end;
  void *data = (void *)(long)ctx->data;
  struct ethhdr *eth = data;
  __u64 offset = sizeof(*eth);
  if (data + offset > data_end)
    return XDP_DROP;
  __u16 type = eth->h_proto;
  if (type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD)) {
    struct vlan_hdr *vlan = data + offset;
    offset += sizeof(*vlan);
    if (data + offset > data_end)
      return XDP_DROP;
    type = vlan->protocol;
  }
  if (type == bpf_htons(ETH_P_ARP))
    return XDP_PASS;
  __u32 protocol = 0;
  __be64 *to = 0, *from = 0;
  int ifindex = 0;
  if (type == bpf_htons(ETH_P_IP)) {
    __be32 destination = 0;
    struct iphdr *ip = data + offset;
    if ((void *)(ip + 1) <= data_end) {
      destination = ip->daddr;
      protocol = ip->protocol;
    }
    struct direct_route *direct =
        bpf_map_lookup_elem(&direct_routes, &destination);
    if (direct && direct->mac && direct->neighbour.mac) {
      from = &direct->mac;
      to = &direct->neighbour.mac;
      ifindex = direct->ifindex;
    } else {
      struct prefix_key key;
      key.bits = 32;
      key.address[0] = destination & 0xff;
      key.address[1] = destination >> 8 & 0xff;
      key.address[2] = destination >> 16 & 0xff;
      key.address[3] = destination >> 24 & 0xff;
      struct route *route = bpf_map_lookup_elem(&routes, &key);
      if (!route)
        return XDP_DROP;
      from = &route->mac;
      if (!from)
        return XDP_DROP;
      to = bpf_map_lookup_elem(&neighbours, &destination);
      if (!to) {
        if (!route->gateway)
          return XDP_DROP;
        destination = route->gateway;
        to = bpf_map_lookup_elem(&neighbours, &destination);
      }
      ifindex = route->ifindex;
    }
  }
  if (from && to) {
    set_mac(eth->h_source, from);
    set_mac(eth->h_dest, to);
    __u64 *count = bpf_map_lookup_elem(&received, &protocol);
    if (count)
      *count += 1;
    return bpf_redirect_map(&ports, ifindex, 0);
  }
  return XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
