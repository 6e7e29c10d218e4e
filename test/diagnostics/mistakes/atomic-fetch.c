// An atomic operation with a result before Linux 5.12.
// RUN: not bpfcc -mkernel=5.10 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=5.10 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     atomic-fetch.c:18:{{([0-9]+:)?}} error: {{.*}}5.12{{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

long total;

SEC("xdp") int prog(struct xdp_md *ctx) {
#ifdef FIXED
  __atomic_fetch_add(&total, 1, __ATOMIC_RELAXED);
  return XDP_PASS;
#else
  return __sync_fetch_and_add(&total, 1) > 10;
#endif
}
