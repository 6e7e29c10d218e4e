// A helper that the kernel does not have.
// RUN: not bpfcc -mkernel=5.15 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=5.18 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     helper-kernel.c:13:{{([0-9]+:)?}} error: `bpf_xdp_load_bytes` is not in Linux 5.15; it came with 5.18
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  char byte = 0;
  bpf_xdp_load_bytes(ctx, 0, &byte, 1);
  return byte;
}
