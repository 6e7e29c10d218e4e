// A copy whose length nothing bounds.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     memcpy-of-any-length.c:19:{{([0-9]+:)?}} error: 1 byte at offset {{[0-9]+}} of the value of map `.bss`, which has {{[0-9]+}} bytes
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

char from[64], to[64];

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned size = ctx->rx_queue_index;
#ifdef FIXED
  if (size > sizeof(to))
    return XDP_DROP;
#endif
  __builtin_memcpy(to, from, size);
  return XDP_PASS;
}
