// A result that the program may not have.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     return-value.c:15:{{([0-9]+:)?}} error: the program returns {{.*}}, it must return 0 to 1
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("cgroup/sock_create") int prog(struct bpf_sock *ctx) {
#ifdef FIXED
  return ctx->family != 0;
#else
  return ctx->family;
#endif
}
