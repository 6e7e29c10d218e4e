#pragma once
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct vlan_hdr {
  __be16 tci, protocol;
};

static inline void swap_mac_addresses(void *data) {
  unsigned short *p = data, destination[3] = {p[0], p[1], p[2]};
  p[0] = p[3];
  p[1] = p[4];
  p[2] = p[5];
  p[3] = destination[0];
  p[4] = destination[1];
  p[5] = destination[2];
}

static inline int parse_ipv4(void *data, __u64 offset, void *data_end) {
  struct iphdr *ip = data + offset;
  if ((void *)(ip + 1) > data_end)
    return 0;
  return ip->protocol;
}

static inline int parse_ipv6(void *data, __u64 offset, void *data_end) {
  struct ipv6hdr *ip = data + offset;
  if ((void *)(ip + 1) > data_end)
    return 0;
  return ip->nexthdr;
}
