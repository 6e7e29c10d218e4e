// An array of addresses compiles, but libbpf leaves its elements as they are.
// RUN: bpfcc -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -c -w %s -o %t.o 2>&1 | count 0
// RUN: bpfcc -c -DTEXT %s -o %t.o 2>&1 | count 0
// CHECK:      addresses-in-data.c:[[# @LINE + 9]]: warning: `names` holds addresses, which libbpf does not fill in
// CHECK-SAME: [BPF0502]
// CHECK:      help: let an array hold text itself, as in `char names[][16]`
// CHECK-NOT:  warning
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#ifdef TEXT
static const char names[][8] = {"tcp", "udp", "icmp", "other"};
#else
static const char *const names[] = {"tcp", "udp", "icmp", "other"};
#endif
SEC("xdp") int prog(struct xdp_md *ctx) {
  bpf_printk("%s", names[ctx->ingress_ifindex & 3]);
  return XDP_PASS;
}
char LICENSE[] SEC("license") = "GPL";
