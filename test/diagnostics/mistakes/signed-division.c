// Signed division, which instruction sets before v4 lack: it is made of what
// they have. -mcpu=v4 has it, and kernels before 6.6 do not.
// RUN: bpfcc -mkernel=6.12,5.15 -Werror=verify -c %s -o %t.o 2>&1 | count 0
// RUN: bpfcc dump %t.o | FileCheck %s --check-prefix=CODE
// RUN: not bpfcc -mkernel=5.15 -mcpu=v4 -Werror=verify -c %s -o %t.v4.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=6.12 -mcpu=v4 -Werror=verify -c %s -o %t.v4.o 2>&1 | count 0

// CODE-NOT: s/=
// CHECK:     signed-division.c:17:{{([0-9]+:)?}} error: Linux 5.15 has no signed division and sign extension (-mcpu=v4): Linux 6.6 was the first
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  int queue = ctx->rx_queue_index, from = ctx->ingress_ifindex;
  return (queue - 7) / from ? XDP_PASS : XDP_DROP;
}
