// A pointer of the kernel is read directly.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     kernel-pointer.c:17:{{([0-9]+:)?}} error: {{.*}}is a number here, and memory is read or written through it
// CHECK:     help: {{.*}}bpf_probe_read_kernel()
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("raw_tp/x") int prog(__u64 *ctx) {
  int value = 0;
#ifdef FIXED
  bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx[0]);
#else
  value = *(int *)ctx[0];
#endif
  return value;
}
