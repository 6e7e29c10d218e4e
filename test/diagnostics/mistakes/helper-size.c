// A size that nothing bounds.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     helper-size.c:18:{{([0-9]+:)?}} error: the size that `bpf_probe_read_kernel` gets
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("raw_tp/x") int prog(__u64 *ctx) {
  char buffer[64] = {};
  __u64 size = ctx[0];
#ifdef FIXED
  if (size > sizeof(buffer))
    return 0;
#endif
  bpf_probe_read_kernel(buffer, size, (void *)ctx[1]);
  return 0;
}
