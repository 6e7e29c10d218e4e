// A licence that is not compatible.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     licence-proprietary.c:18:{{([0-9]+:)?}} error: `bpf_probe_read_kernel` is for programs with a GPL-compatible licence
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
char LICENSE[] SEC("license") = "GPL v2";
#else
char LICENSE[] SEC("license") = "Proprietary";
#endif

SEC("tracepoint/x/y") int prog(void *ctx) {
  char byte;
  bpf_probe_read_kernel(&byte, 1, ctx);
  return byte;
}
