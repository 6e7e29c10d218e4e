// A mistake in a function that several programs inline is one message.
// RUN: bpfcc -c %s -o %t.o 2>&1 | FileCheck %s

// CHECK:     many-programs.c:12:{{[0-9]+}}: warning: {{.*}} (`one`, `two` and 2 more, Linux 6.12) [BPF0302,-Wverify]
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __always_inline int first(struct xdp_md *ctx) {
  unsigned char *at = (void *)(long)ctx->data;
  // Nothing compares with the end.
  return at[0] == 4;
}

SEC("xdp") int one(struct xdp_md *ctx) { return first(ctx); }
SEC("xdp") int two(struct xdp_md *ctx) { return first(ctx) + 1; }
SEC("xdp") int three(struct xdp_md *ctx) { return first(ctx) + 2; }
SEC("xdp") int four(struct xdp_md *ctx) { return first(ctx) ? 3 : 1; }
