// SPDX-License-Identifier: Apache-2.0
// Drops IPv4 packets whose source address is in a block list, and counts.

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define VLAN_DEPTH 2

struct vlan_tag {
  __be16 tci;
  __be16 protocol;
};

struct block_key {
  __u32 prefix_length; // bits
  __be32 address;
};

struct counter {
  __u64 packets;
  __u64 bytes; // of the whole frame
};

// A block list: the value counts the packets that the entry dropped.
struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(max_entries, 1024);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct block_key);
  __type(value, __u64);
} blocked SEC(".maps");

// IPv4 traffic by protocol number.
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 256);
  __type(key, __u32);
  __type(value, struct counter);
} protocols SEC(".maps");

// All frames by verdict: XDP_DROP and XDP_PASS are the keys.
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, XDP_PASS + 1);
  __type(key, __u32);
  __type(value, struct counter);
} verdicts SEC(".maps");

// The counters of one CPU: nobody else writes them.
static __always_inline void count(void *map, __u32 key, __u64 bytes) {
  struct counter *c = bpf_map_lookup_elem(map, &key);
  if (!c)
    return;
  c->packets += 1;
  c->bytes += bytes;
}

static __always_inline int judge(void *data, void *end) {
  struct ethhdr *eth = data;
  if ((void *)(eth + 1) > end)
    return XDP_PASS;

  __be16 protocol = eth->h_proto;
  void *next = eth + 1;
  for (int i = 0; i < VLAN_DEPTH; i++) {
    if (protocol != bpf_htons(ETH_P_8021Q) &&
        protocol != bpf_htons(ETH_P_8021AD))
      break;
    struct vlan_tag *tag = next;
    if ((void *)(tag + 1) > end)
      return XDP_PASS;
    protocol = tag->protocol;
    next = tag + 1;
  }
  if (protocol != bpf_htons(ETH_P_IP))
    return XDP_PASS;

  struct iphdr *ip = next;
  if ((void *)(ip + 1) > end)
    return XDP_PASS;
  count(&protocols, ip->protocol, end - data);

  struct block_key key = {.prefix_length = 32, .address = ip->saddr};
  __u64 *hits = bpf_map_lookup_elem(&blocked, &key);
  if (!hits)
    return XDP_PASS;
  __sync_fetch_and_add(hits, 1);
  return XDP_DROP;
}

SEC("xdp")
int firewall(struct xdp_md *ctx) {
  void *data = (void *)(long)ctx->data;
  void *end = (void *)(long)ctx->data_end;
  int verdict = judge(data, end);
  count(&verdicts, verdict, end - data);
  return verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
