// Packets that change: fields, checksums, room at both ends.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

static __always_inline __u16 fold(__u32 Sum) {
  Sum = (Sum & 0xffff) + (Sum >> 16);
  return ~(Sum + (Sum >> 16));
}

SEC("xdp") int swap_and_hop(struct xdp_md *Ctx) {
  void *Data = (void *)(long)Ctx->data, *End = (void *)(long)Ctx->data_end;
  struct ethhdr *Eth = Data;
  struct iphdr *Ip = (void *)(Eth + 1);
  if ((void *)(Ip + 1) > End)
    return XDP_PASS;
  __u8 Mac[ETH_ALEN];
  __builtin_memcpy(Mac, Eth->h_dest, ETH_ALEN);
  __builtin_memcpy(Eth->h_dest, Eth->h_source, ETH_ALEN);
  __builtin_memcpy(Eth->h_source, Mac, ETH_ALEN);
  if (Eth->h_proto != bpf_htons(ETH_P_IP) || Ip->ttl <= 1)
    return XDP_TX;
  __u32 Address = Ip->saddr;
  Ip->saddr = Ip->daddr;
  Ip->daddr = Address;
  Ip->ttl--;
  Ip->check = 0;
  __u32 Sum = 0;
  __u16 *Half = (void *)Ip;
  for (int I = 0; I < 10; I++)
    Sum += Half[I];
  Ip->check = fold(Sum);
  return XDP_TX;
}

SEC("xdp") int encapsulate(struct xdp_md *Ctx) {
  if (bpf_xdp_adjust_head(Ctx, -(int)sizeof(struct iphdr)))
    return XDP_ABORTED;
  void *Data = (void *)(long)Ctx->data, *End = (void *)(long)Ctx->data_end;
  struct ethhdr *New = Data, *Old = Data + sizeof(struct iphdr);
  struct iphdr *Ip = (void *)(New + 1);
  if ((void *)(Old + 1) > End || (void *)(Ip + 1) > End)
    return XDP_DROP;
  *New = *Old;
  New->h_proto = bpf_htons(ETH_P_IP);
  struct iphdr Header = {.version = 4, .ihl = 5, .ttl = 64, .protocol = 4};
  Header.tot_len = bpf_htons((__u16)(End - (void *)Ip));
  Header.saddr = bpf_htonl(0x0a000001);
  Header.daddr = bpf_htonl(0x0a000002);
  *Ip = Header;
  return XDP_PASS;
}

SEC("xdp") int cut(struct xdp_md *Ctx) {
  int Size = Ctx->data_end - Ctx->data;
  return bpf_xdp_adjust_tail(Ctx, -(Size / 3)) ? XDP_ABORTED : XDP_PASS;
}

SEC("tc") int mark_bytes(struct __sk_buff *Skb) {
  __u8 Bytes[24];
  if (bpf_skb_load_bytes(Skb, 4, Bytes, sizeof(Bytes)))
    return 0;
  for (int I = 0; I < 12; I++) {
    __u8 T = Bytes[I];
    Bytes[I] = Bytes[23 - I] + I;
    Bytes[23 - I] = T ^ 0x5a;
  }
  bpf_skb_store_bytes(Skb, 4, Bytes, sizeof(Bytes), 0);
  __u64 Sum = 0;
  for (int I = 0; I < 24; I++)
    Sum = Sum * 31 + (__s8)Bytes[I];
  return Sum >> 7;
}

SEC("socket") int hash_words(struct __sk_buff *Skb) {
  __u32 Hash = Skb->len;
  for (int I = 0; I < 16; I++) {
    __u32 Word = 0;
    if (bpf_skb_load_bytes(Skb, I * 4, &Word, sizeof(Word)))
      break;
    Hash = (Hash << 5 | Hash >> 27) ^ bpf_ntohl(Word);
    Hash += (__s16)Word / 3 + Word % 1000;
  }
  return Hash;
}

char _license[] SEC("license") = "GPL";
