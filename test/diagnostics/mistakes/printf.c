// printf() instead of bpf_printk().
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     printf.c:18:{{([0-9]+:)?}} error: `printf` is a function of the C library
// CHECK:     help: bpf_printk() prints to the trace pipe
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

int printf(const char *, ...);

SEC("xdp") int prog(struct xdp_md *ctx) {
#ifdef FIXED
  bpf_printk("queue %d", ctx->rx_queue_index);
#else
  printf("queue %d", ctx->rx_queue_index);
#endif
  return XDP_PASS;
}
