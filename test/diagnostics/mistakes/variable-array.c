// An array of variable size.
// RUN: not bpfcc -mkernel=6.12 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=6.12 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     variable-array.c:15:{{([0-9]+:)?}} error: variable-length stack memory cannot run in BPF [BPF0605]
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("tc") int prog(struct __sk_buff *ctx) {
#ifdef FIXED
  char room[32];
#else
  char room[ctx->len];
#endif
  bpf_skb_load_bytes(ctx, 0, room, 16);
  return room[3];
}
