// A parser in parts that call each other's tail: Ethernet, then VLAN tags.
#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_helpers.h>

unsigned long long
load_half(void *skb, unsigned long long offset) __asm__("llvm.bpf.load.half");

enum { VLAN = 1, MPLS, IP, IPV6 };

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(key_size, 4);
  __uint(value_size, 4);
  __uint(max_entries, 8);
} parsers SEC(".maps");

static inline void parse(struct __sk_buff *skb, __u32 protocol) {
  switch (protocol) {
  case ETH_P_8021Q:
  case ETH_P_8021AD:
    bpf_tail_call(skb, &parsers, VLAN);
    break;
  case ETH_P_MPLS_UC:
  case ETH_P_MPLS_MC:
    bpf_tail_call(skb, &parsers, MPLS);
    break;
  case ETH_P_IP:
    bpf_tail_call(skb, &parsers, IP);
    break;
  case ETH_P_IPV6:
    bpf_tail_call(skb, &parsers, IPV6);
    break;
  }
}

SEC("socket")
int socket_0(struct __sk_buff *skb) {
  __u32 protocol = load_half(skb, 12);
  skb->cb[0] = ETH_HLEN;
  parse(skb, protocol);
  return 0;
}

SEC("socket")
int socket_1(struct __sk_buff *skb) {
  __u32 offset = skb->cb[0];
  __u32 protocol = load_half(skb, offset + 2);
  skb->cb[0] = offset + 4;
  parse(skb, protocol);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
