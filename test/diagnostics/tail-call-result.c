// A function returns what its tail call returns, if that is made.
// RUN: bpfcc -mkernel=6.12 -c %s -o %t.o
// RUN: not bpfcc check -mkernel=6.18 %t.o 2>&1 | FileCheck %s
// CHECK: tail-call-result.c:[[#@LINE+22]]:{{.*}}error: {{.*}} (`entry`, Linux 6.18)
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} programs SEC(".maps");

__u64 values[4];

static __attribute__((noinline)) long next(struct xdp_md *ctx) {
  bpf_tail_call(ctx, &programs, 0);
  long first = 1;
  barrier_var(first);
  return first;
}

SEC("xdp") int entry(struct xdp_md *ctx) {
  long n = next(ctx);
  barrier_var(n);
  return *(volatile __u64 *)((char *)values + n * 8);
}

char LICENSE[] SEC("license") = "GPL";
