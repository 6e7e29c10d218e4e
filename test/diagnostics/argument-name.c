// The argument of a global function is not called after the variable that its
// first line sets.
// RUN: bpfcc -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: warning: arithmetic on the value in r{{[0-9]}}, which may be null
// CHECK: help: compare it with null first
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct job {
  __u32 n[64];
};
__attribute__((noinline)) __u64 total(struct job *job) {
  __u64 sum = 0;
  for (__u32 i = 0; i < 64; i++)
    sum += job->n[i];
  return sum;
}
SEC("xdp") int run(struct xdp_md *ctx) {
  struct job job = {};
  return total(&job);
}
char LICENSE[] SEC("license") = "GPL";
