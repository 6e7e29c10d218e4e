// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     helper-size.c:22:{{[0-9]+}}: error: the size that `bpf_probe_read_kernel` gets {{.*}} [BPF0313]
// CHECK-NOT: error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("raw_tp/x") int prog(__u64 *ctx) {
  char buffer[64];
  __u64 size = ctx[0];
#ifdef FIXED
  if (size > sizeof(buffer))
    return 0;
#endif
  bpf_probe_read_kernel(buffer, size, (void *)ctx[1]);
  return 0;
}
