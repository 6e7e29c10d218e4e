// SPDX-License-Identifier: Apache-2.0
// Drops what the host does not welcome, and counts the packets of each source.

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __be32);
  __type(value, __u64);
} sources SEC(".maps");

// A helper of the program that runs this one.
extern int is_welcome(__be32 address) __ksym;

SEC("xdp")
int guard(struct xdp_md *ctx) {
  struct ethhdr *eth = (void *)(long)ctx->data;
  struct iphdr *ip = (void *)(eth + 1);
  if ((void *)(ip + 1) > (void *)(long)ctx->data_end ||
      eth->h_proto != bpf_htons(ETH_P_IP))
    return XDP_PASS;
  __be32 source = ip->saddr;
  __u64 one = 1, *packets = bpf_map_lookup_elem(&sources, &source);
  if (packets)
    *packets += 1;
  else
    bpf_map_update_elem(&sources, &source, &one, BPF_ANY);
  return is_welcome(source) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
