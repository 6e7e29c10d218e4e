// An object of the other byte order: its skeleton is made, and this machine's
// kernel is not asked to load it.
// REQUIRES: bpf
// RUN: bpfcc --target=bpfeb -Werror=verify -c %s -o %t.o 2>&1 | count 0
// RUN: bpfcc check %t.o | FileCheck %s
// RUN: bpfcc gen skeleton %t.o name other | FileCheck %s --check-prefix=SKELETON
// RUN: not bpfcc run --kernel %t.o --iface lo 2>&1 | FileCheck %s --check-prefix=KERNEL

// CHECK: prog {{.*}}accepted
// SKELETON: struct bpf_program *prog;

// KERNEL:     error: {{.*}}big-endian
// KERNEL:     help: {{.*}}--target=bpf
// KERNEL-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

int wanted = 3;

SEC("xdp") int prog(struct xdp_md *ctx) {
  return ctx->rx_queue_index == wanted ? XDP_PASS : XDP_DROP;
}
