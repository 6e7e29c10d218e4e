// Headers parsed by hand, with every kind of map that a program writes to.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct flow {
  __u32 Source, Destination;
  __u16 SourcePort, DestinationPort;
  __u32 Protocol;
};
struct tally {
  __u64 Packets, Bytes;
};

#define MAP(Name, Type, Key, Value, Size)                                      \
  struct {                                                                     \
    __uint(type, Type);                                                        \
    __type(key, Key);                                                          \
    __type(value, Value);                                                      \
    __uint(max_entries, Size);                                                 \
  } Name SEC(".maps")
MAP(flows, BPF_MAP_TYPE_HASH, struct flow, struct tally, 4096);
MAP(sizes, BPF_MAP_TYPE_ARRAY, __u32, __u64, 16);
MAP(kinds, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct tally, 256);
MAP(sources, BPF_MAP_TYPE_LRU_HASH, __u32, __u32, 1024);
MAP(actions, BPF_MAP_TYPE_PERCPU_HASH, __u32, __u32, 64);

__u64 total, odd;
static __u8 last[6];
int level = 5;
const volatile int limit = 900;

static __always_inline int parse(void *Data, void *End, struct flow *F,
                                 __u32 *Size) {
  struct ethhdr *Eth = Data;
  if ((void *)(Eth + 1) > End)
    return -1;
  __builtin_memcpy(last, Eth->h_dest, 6);
  __u16 Type = Eth->h_proto;
  void *At = Eth + 1;
#pragma unroll
  for (int Tags = 0; Tags < 2; Tags++)
    if (Type == bpf_htons(ETH_P_8021Q) || Type == bpf_htons(ETH_P_8021AD)) {
      __u16 *Tag = At;
      if ((void *)(Tag + 2) > End)
        return -2;
      Type = Tag[1];
      At = Tag + 2;
    }
  __u8 Protocol;
  if (Type == bpf_htons(ETH_P_IP)) {
    struct iphdr *Ip = At;
    if ((void *)(Ip + 1) > End)
      return -3;
    F->Source = Ip->saddr;
    F->Destination = Ip->daddr;
    *Size = bpf_ntohs(Ip->tot_len);
    Protocol = Ip->protocol;
    At += Ip->ihl * 4;
  } else if (Type == bpf_htons(ETH_P_IPV6)) {
    struct ipv6hdr *Ip = At;
    if ((void *)(Ip + 1) > End)
      return -4;
    F->Source = Ip->saddr.s6_addr32[3];
    F->Destination = Ip->daddr.s6_addr32[0] ^ Ip->daddr.s6_addr32[3];
    *Size = bpf_ntohs(Ip->payload_len) + sizeof(*Ip);
    Protocol = Ip->nexthdr;
    At = Ip + 1;
  } else {
    return -5;
  }
  F->Protocol = Protocol;
  if (Protocol == IPPROTO_TCP || Protocol == IPPROTO_UDP) {
    struct udphdr *Ports = At;
    if ((void *)(Ports + 1) > End)
      return -6;
    F->SourcePort = bpf_ntohs(Ports->source);
    F->DestinationPort = bpf_ntohs(Ports->dest);
  }
  return Protocol;
}

static __noinline int account(struct flow *F, __u32 Size, __u32 Kind) {
  struct tally *T = bpf_map_lookup_elem(&flows, F);
  if (T) {
    __sync_fetch_and_add(&T->Packets, 1);
    T->Bytes += Size;
  } else {
    struct tally New = {1, Size};
    bpf_map_update_elem(&flows, F, &New, BPF_NOEXIST);
  }
  T = bpf_map_lookup_elem(&kinds, &Kind);
  if (T)
    T->Packets++, T->Bytes += Size;
  __u32 Slot = 0;
  for (__u32 Rest = Size; Rest > 1 && Slot < 15; Rest >>= 1)
    Slot++;
  __u64 *Count = bpf_map_lookup_elem(&sizes, &Slot);
  if (Count)
    *Count += 1;
  if (F->SourcePort == 443)
    bpf_map_delete_elem(&flows, F);
  return Slot;
}

static __always_inline int classify(void *Data, void *End) {
  struct flow F = {};
  __u32 Size = 0;
  int Kind = parse(Data, End, &F, &Size);
  total++;
  if (Kind < 0) {
    odd += -Kind;
    return Kind;
  }
  int Slot = account(&F, Size, Kind & 0xff);
  bpf_map_update_elem(&sources, &F.Source, &Size, BPF_ANY);
  __u32 Action = (F.DestinationPort % 7 + Kind / 3 - Slot * level) & 63;
  __u32 *Seen = bpf_map_lookup_elem(&actions, &Action), One = 1;
  if (Seen)
    *Seen += Action;
  else
    bpf_map_update_elem(&actions, &Action, &One, BPF_ANY);
  return (int)Size > limit ? -7 : (int)Action;
}

SEC("xdp") int classify_xdp(struct xdp_md *Ctx) {
  int Kind = classify((void *)(long)Ctx->data, (void *)(long)Ctx->data_end);
  return Kind < 0 ? XDP_DROP : XDP_PASS + (Kind & 1);
}

SEC("tc") int classify_tc(struct __sk_buff *Skb) {
  int Kind = classify((void *)(long)Skb->data, (void *)(long)Skb->data_end);
  Skb->mark = Kind;
  Skb->cb[2] = Kind * 3;
  return Skb->mark + Skb->cb[2] + Skb->len;
}

char _license[] SEC("license") = "GPL";
