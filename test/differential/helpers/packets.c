// Helpers that read, write and reshape packets.
#include "random.h"

SEC("tc") int l3_csum_replace(struct __sk_buff *Skb) {
  __u32 From = below(3) ? random() * 2 : 0;
  return bpf_l3_csum_replace(Skb, below(60), From, random() * 2, below(6));
}

SEC("tc") int l4_csum_replace(struct __sk_buff *Skb) {
  __u32 From = below(3) ? random() * 2 : 0;
  return bpf_l4_csum_replace(Skb, below(60), From, random() * 2,
                             below(4) ? below(3) * 2 | below(8) << 4
                                      : below(512));
}

SEC("tc") int csum_update(struct __sk_buff *Skb) {
  return bpf_csum_update(Skb, random());
}

SEC("tc") int load_bytes(struct __sk_buff *Skb) {
  fill(Out, 64);
  __u32 Size = 1 + below(64);
  int R = bpf_skb_load_bytes(Skb, someDelta(80), Out, Size);
  return digest(R, Out, 64);
}

SEC("tc") int load_bytes_relative(struct __sk_buff *Skb) {
  fill(Out, 64);
  __u32 Size = 1 + below(64);
  int R = bpf_skb_load_bytes_relative(Skb, someDelta(80), Out, Size, below(3));
  return digest(R, Out, 64);
}

SEC("cgroup_skb/ingress") int load_bytes_network(struct __sk_buff *Skb) {
  fill(Out, 64);
  __u32 Size = 1 + below(64);
  int R = bpf_skb_load_bytes_relative(Skb, someDelta(80), Out, Size, below(3));
  return digest(R, Out, 64) & 1;
}

SEC("tc") int store_bytes(struct __sk_buff *Skb) {
  fill(Out, 64);
  __u32 Size = 1 + below(64);
  return bpf_skb_store_bytes(Skb, someDelta(80), Out, Size, below(5));
}

SEC("tc") int vlan(struct __sk_buff *Skb) {
  __u32 Sum = 0;
  for (int I = 0; I < 4; I++) {
    __u16 Proto = below(3) == 0 ? 0x8100 : below(2) ? 0x88a8 : random();
    int R = below(2) ? bpf_skb_vlan_push(Skb, bpf_htons(Proto), random())
                     : bpf_skb_vlan_pop(Skb);
    Sum = Sum * 31 + R;
    Sum = Sum * 31 + Skb->vlan_tci;
    Sum = Sum * 31 + Skb->vlan_proto;
    Sum = Sum * 31 + Skb->vlan_present;
    Sum = Sum * 31 + Skb->protocol;
    Sum = Sum * 31 + Skb->len;
  }
  return Sum;
}

SEC("xdp") int adjust(struct xdp_md *Ctx) {
  __u32 Sum = 0;
  for (int I = 0; I < 4; I++) {
    int R;
    switch (below(3)) {
    case 0:
      R = bpf_xdp_adjust_head(Ctx, someDelta(120));
      break;
    case 1:
      R = bpf_xdp_adjust_tail(Ctx, someDelta(120));
      break;
    default:
      R = bpf_xdp_adjust_meta(Ctx, below(3) ? (int)(below(80) * 4) - 200
                                            : someDelta(300));
    }
    Sum = Sum * 31 + R;
    Sum = Sum * 31 + (Ctx->data_end - Ctx->data);
    Sum = Sum * 31 + bpf_xdp_get_buff_len(Ctx);
  }
  return Sum;
}

SEC("xdp") int xdp_bytes(struct xdp_md *Ctx) {
  fill(Out, 64);
  __u32 Size = 1 + below(64);
  int R = bpf_xdp_load_bytes(Ctx, someDelta(80), Out, Size);
  R = R * 31 + bpf_xdp_store_bytes(Ctx, someDelta(80), Out, Size);
  return digest(R, Out, 64);
}

SEC("tc") int change_head(struct __sk_buff *Skb) {
  int R =
      bpf_skb_change_head(Skb, below(8) ? below(300) : random(), below(8) == 0);
  return R * 31 + Skb->len;
}

SEC("tc") int change_tail(struct __sk_buff *Skb) {
  int R =
      bpf_skb_change_tail(Skb, below(8) ? below(400) : random(), below(8) == 0);
  return R * 31 + Skb->len;
}

SEC("tc") int change_proto(struct __sk_buff *Skb) {
  int R = bpf_skb_change_proto(Skb,
                               bpf_htons(below(4) == 0 ? random()
                                         : below(2)    ? 0x0800
                                                       : 0x86dd),
                               below(8) == 0);
  return (R * 31 + Skb->len) * 31 + Skb->protocol;
}

SEC("tc") int change_type(struct __sk_buff *Skb) {
  int R = bpf_skb_change_type(Skb, below(6));
  return R * 31 + Skb->pkt_type;
}

SEC("tc") int pull_data(struct __sk_buff *Skb) {
  int R = bpf_skb_pull_data(Skb, below(8) ? below(2 * Skb->len + 1) : random());
  return R * 31 + (Skb->data_end - Skb->data);
}

SEC("tc") int set_hash(struct __sk_buff *Skb) {
  __u32 Hash = random() | 1;
  bpf_set_hash(Skb, Hash);
  __u32 Sum = bpf_get_hash_recalc(Skb) + Skb->hash;
  if (below(2))
    bpf_set_hash_invalid(Skb);
  return Sum + Skb->hash;
}

SEC("tc") int redirect(struct __sk_buff *Skb) {
  return bpf_redirect(1, below(4));
}

SEC("tc") int redirect_peer(struct __sk_buff *Skb) {
  return bpf_redirect_peer(1, below(2));
}

SEC("tc") int redirect_neigh(struct __sk_buff *Skb) {
  struct bpf_redir_neigh Next = {.nh_family = 2};
  __u32 Flags = below(2);
  return below(2) ? bpf_redirect_neigh(1, &Next, sizeof Next, Flags)
                  : bpf_redirect_neigh(1, 0, 0, Flags);
}

SEC("tc") int csum_level(struct __sk_buff *Skb) {
  int R = 0;
  for (int N = 0; N < 5; N++)
    R = R * 31 + bpf_csum_level(Skb, below(5));
  return R;
}

SEC("tc") int belongings(struct __sk_buff *Skb) {
  return bpf_get_cgroup_classid(Skb) * 31 + bpf_get_route_realm(Skb);
}

char _license[] SEC("license") = "GPL";
