// Packets of a veth pair in user space: verdicts are counted, XDP_TX comes
// back with the program's changes, XDP_REDIRECT leaves by the interface of a
// map, tags are in the frame, and --count, --duration and SIGINT end the run.
// REQUIRES: network-namespaces
// RUN: bpfcc %s -c -o %t.o
// RUN: unshare -n sh %S/Inputs/veth.sh %t.o > %t.out 2>&1
// RUN: FileCheck %s < %t.out
// CHECK: at_xdp (xdp): 4 runs
// CHECK-DAG: XDP_DROP{{ +}}1
// CHECK-DAG: XDP_TX{{ +}}1
// CHECK-DAG: XDP_REDIRECT{{ +}}1
// CHECK-DAG: XDP_PASS{{ +}}1
// CHECK: tagged = 1
// CHECK: status 0
// CHECK: veth1 got 54 02
// CHECK: veth2 sent 1
// CHECK: at_tc (tc): 0 runs
// CHECK: status 0
// CHECK: at_tc (tc): 0 runs
// CHECK: status 0
// CHECK: error: cannot listen on `nothing`: No such device
// CHECK: status 1
// CHECK: error: cannot listen on `veth0`: it takes root, or CAP_NET_RAW
// CHECK: status 1
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
int tagged;
char license[] SEC("license") = "GPL";
struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u32);
} out SEC(".maps");
// The protocol says what to do.
SEC("xdp") int at_xdp(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 18 > end)
    return XDP_ABORTED;
  switch (bpf_ntohs(((struct ethhdr *)data)->h_proto)) {
  case 0x88b5:
    return XDP_DROP;
  case 0x88b6:
    data[0] = 2;
    return bpf_xdp_adjust_tail(ctx, -10) ? XDP_ABORTED : XDP_TX;
  case 0x8100:
    tagged += data[15] == 5;
    return bpf_redirect_map(&out, 2, 0);
  default:
    return XDP_PASS;
  }
}
SEC("tc") int at_tc(struct __sk_buff *skb) { return TC_ACT_OK; }
