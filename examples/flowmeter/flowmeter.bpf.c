// SPDX-License-Identifier: Apache-2.0
// Packets and bytes of each TCP and UDP flow over IPv4, one direction a flow;
// an event for each flow that starts and each one that closes (FIN or RST).

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define FRAGMENT_OFFSET 0x1fff

enum event_kind { FLOW_NEW = 1, FLOW_CLOSED = 2 };

struct flow {
  __be32 source;
  __be32 destination;
  __be16 source_port;
  __be16 destination_port;
  __u32 protocol;
};

struct totals {
  __u64 packets;
  __u64 bytes;
};

struct event {
  struct flow flow;
  struct totals totals;
  __u64 kind; // enum event_kind
};

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, struct flow);
  __type(value, struct totals);
} flows SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 256 * 1024);
} events SEC(".maps");

__u64 lost_events = 0;

static __always_inline void report(const struct flow *flow,
                                   const struct totals *totals, __u64 kind) {
  struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
  if (!e) {
    __sync_fetch_and_add(&lost_events, 1);
    return;
  }
  e->flow = *flow;
  e->totals = *totals;
  e->kind = kind;
  bpf_ringbuf_submit(e, 0);
}

SEC("tc")
int flowmeter(struct __sk_buff *skb) {
  if (skb->protocol != bpf_htons(ETH_P_IP))
    return TC_ACT_OK;
  struct iphdr ip;
  if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)) || ip.ihl < 5)
    return TC_ACT_OK;
  if (ip.protocol != IPPROTO_TCP && ip.protocol != IPPROTO_UDP)
    return TC_ACT_OK;
  if (ip.frag_off & bpf_htons(FRAGMENT_OFFSET))
    return TC_ACT_OK; // a later fragment has no ports

  __u32 transport = ETH_HLEN + ip.ihl * 4;
  __be16 ports[2];
  if (bpf_skb_load_bytes(skb, transport, ports, sizeof(ports)))
    return TC_ACT_OK;
  struct flow flow = {.source = ip.saddr,
                      .destination = ip.daddr,
                      .source_port = ports[0],
                      .destination_port = ports[1],
                      .protocol = ip.protocol};

  struct totals first = {.packets = 1, .bytes = skb->len};
  struct totals *totals = bpf_map_lookup_elem(&flows, &flow);
  if (totals) {
    __sync_fetch_and_add(&totals->packets, 1);
    __sync_fetch_and_add(&totals->bytes, skb->len);
  } else {
    bpf_map_update_elem(&flows, &flow, &first, BPF_NOEXIST);
    report(&flow, &first, FLOW_NEW);
    totals = &first;
  }

  struct tcphdr tcp;
  if (ip.protocol == IPPROTO_TCP &&
      !bpf_skb_load_bytes(skb, transport, &tcp, sizeof(tcp)) &&
      (tcp.fin || tcp.rst)) {
    report(&flow, totals, FLOW_CLOSED);
    bpf_map_delete_elem(&flows, &flow);
  }
  return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
