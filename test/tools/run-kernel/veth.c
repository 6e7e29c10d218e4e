// XDP and tc programs count real packets on a veth pair, and a killed run
// leaves nothing attached.
// REQUIRES: bpf
// RUN: bpfcc %s -c -o %t.o
// RUN: unshare -n sh %S/Inputs/veth.sh %t.o %t.out > %t.net
// RUN: FileCheck %s < %t.out
// RUN: FileCheck --check-prefix=NET %s < %t.net
// CHECK: at_xdp (xdp): attached
// CHECK: at_tc (tc): attached
// CHECK: section .bss
// CHECK-DAG: xdp_packets = {{[1-9]}}
// CHECK-DAG: tc_packets = {{[1-9]}}
// NET: while it runs
// NET: veth0
// NET: after SIGKILL
// NET-NOT: veth0
// NET: end
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
long xdp_packets, tc_packets;
char license[] SEC("license") = "GPL";
SEC("xdp") int at_xdp(struct xdp_md *ctx) {
  __sync_fetch_and_add(&xdp_packets, 1);
  return XDP_PASS;
}
SEC("tc") int at_tc(struct __sk_buff *skb) {
  __sync_fetch_and_add(&tc_packets, 1);
  return TC_ACT_OK;
}
