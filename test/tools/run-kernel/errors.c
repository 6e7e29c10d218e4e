// Without --cgroup the error says what is missing; a refused program comes
// with the verifier's last lines.
// REQUIRES: bpf
// RUN: bpfcc %s -c -o %t.o
// RUN: not bpfcc run --kernel %t.o --prog egress 2>&1 | FileCheck --check-prefix=CGROUP %s
// RUN: not bpfcc run --kernel %t.o --prog wrong 2>&1 | FileCheck --check-prefix=WRONG %s
// RUN: not bpfcc run --kernel %t.o --prog link 2>&1 | FileCheck --check-prefix=IFACE %s
// RUN: not bpfcc run --kernel %t.o --prog link --iface none0 2>&1 | FileCheck --check-prefix=NONE %s
// CGROUP: error: `egress` is attached to a cgroup: name its folder by --cgroup [BPF0801]
// WRONG: error: loading `{{.*}}.o` in the kernel failed: {{.*}}
// WRONG: invalid access to packet
// WRONG: [BPF0803]
// WRONG-NOT: run as root
// IFACE: error: `link` is attached to an interface: name it by --iface
// NONE: error: there is no interface `none0`
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char license[] SEC("license") = "GPL";
SEC("cgroup_skb/egress") int egress(struct __sk_buff *skb) { return 1; }
SEC("xdp") int link(struct xdp_md *ctx) { return XDP_PASS; }
SEC("xdp") int wrong(struct xdp_md *ctx) { return *(int *)(long)ctx->data; }
