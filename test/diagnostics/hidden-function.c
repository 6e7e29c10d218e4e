// libbpf makes hidden functions static: they are followed from where they are called.
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc check %t.o | FileCheck %s
// CHECK: prog {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

__attribute__((noinline)) __hidden int first(struct xdp_md *ctx, unsigned char *at) {
  return *at;
}

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 1 > end)
    return XDP_DROP;
  return first(ctx, data);
}
