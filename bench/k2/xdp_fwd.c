// Forwards IPv4 and IPv6 packets by the kernel's own routes.
#include "packet.h"

#define AF_INET 2
#define AF_INET6 10

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(key_size, 4);
  __uint(value_size, 4);
  __uint(max_entries, 64);
} ports SEC(".maps");

static inline void decrease_ttl(struct iphdr *ip) {
  __u32 check = ip->check;
  check += bpf_htons(0x0100);
  ip->check = check + (check >= 0xffff);
  --ip->ttl;
}

SEC("xdp")
int xdp_fwd(struct xdp_md *ctx) {
  void *data_end = (void *)(long)ctx->data_end;
  void *data = (void *)(long)ctx->data;
  struct bpf_fib_lookup fib;
  struct ethhdr *eth = data;
  struct ipv6hdr *ip6 = 0;
  struct iphdr *ip = 0;
  __u64 offset = sizeof(*eth);
  if (data + offset > data_end)
    return XDP_DROP;
  __builtin_memset(&fib, 0, sizeof(fib));
  __u16 type = eth->h_proto;
  if (type == bpf_htons(ETH_P_IP)) {
    ip = data + offset;
    if ((void *)(ip + 1) > data_end)
      return XDP_DROP;
    if (ip->ttl <= 1)
      return XDP_PASS;
    fib.family = AF_INET;
    fib.tos = ip->tos;
    fib.l4_protocol = ip->protocol;
    fib.sport = 0;
    fib.dport = 0;
    fib.tot_len = bpf_ntohs(ip->tot_len);
    fib.ipv4_src = ip->saddr;
    fib.ipv4_dst = ip->daddr;
  } else if (type == bpf_htons(ETH_P_IPV6)) {
    struct in6_addr *source = (struct in6_addr *)fib.ipv6_src;
    struct in6_addr *destination = (struct in6_addr *)fib.ipv6_dst;
    ip6 = data + offset;
    if ((void *)(ip6 + 1) > data_end)
      return XDP_DROP;
    if (ip6->hop_limit <= 1)
      return XDP_PASS;
    fib.family = AF_INET6;
    fib.flowinfo = *(__be32 *)ip6 & bpf_htonl(0x0fffffff);
    fib.l4_protocol = ip6->nexthdr;
    fib.sport = 0;
    fib.dport = 0;
    fib.tot_len = bpf_ntohs(ip6->payload_len);
    *source = ip6->saddr;
    *destination = ip6->daddr;
  } else {
    return XDP_PASS;
  }
  fib.ifindex = ctx->ingress_ifindex;
  int result = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);
  if (result == BPF_FIB_LKUP_RET_SUCCESS) {
    if (!bpf_map_lookup_elem(&ports, &fib.ifindex))
      return XDP_PASS;
    if (type == bpf_htons(ETH_P_IP))
      decrease_ttl(ip);
    else if (type == bpf_htons(ETH_P_IPV6))
      ip6->hop_limit--;
    __builtin_memcpy(eth->h_dest, fib.dmac, ETH_ALEN);
    __builtin_memcpy(eth->h_source, fib.smac, ETH_ALEN);
    return bpf_redirect_map(&ports, fib.ifindex, 0);
  }
  return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
