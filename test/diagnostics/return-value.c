// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     return-value.c:{{[0-9]+}}:{{.*}}error: the program returns (it is {{.*}}), it must return 0 to 1
// CHECK-NOT: error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup/sock_create") int prog(struct bpf_sock *ctx) {
#ifdef FIXED
  return ctx->family != 0;
#else
  return ctx->family;
#endif
}
