// Instructions that a kernel does not know are refused for it.
// RUN: bpfcc -mcpu=v4 -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check -mkernel=5.15,6.12 %t.o 2>&1 | FileCheck %s

// CHECK:     isa-level.c:[[#@LINE+10]]:{{.*}}error: Linux 5.15 has no signed division and sign extension (-mcpu=v4): Linux 6.6 was the first
// CHECK:     help: -mkernel= says which kernels it is compiled for
// CHECK-NOT: {{error|warning}}:
// CHECK:     prog {{.*}}5.15{{.*}}rejected
// CHECK:     prog {{.*}}6.12{{.*}}accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int prog(struct xdp_md *ctx) {
  int queue = ctx->rx_queue_index, from = ctx->ingress_ifindex;
  return queue / from ? XDP_PASS : XDP_DROP;
}
