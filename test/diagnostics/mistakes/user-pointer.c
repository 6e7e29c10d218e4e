// A pointer of user space is read directly.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     user-pointer.c:19:{{([0-9]+:)?}} error: {{.*}}is a number here, and memory is read or written through it
// CHECK:     help: {{.*}}bpf_probe_read_user()
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct args { long unused[2]; const char *name; };

SEC("tracepoint/syscalls/sys_enter_openat") int prog(struct args *ctx) {
  char first = 0;
#ifdef FIXED
  bpf_probe_read_user(&first, 1, ctx->name);
#else
  first = ctx->name[0];
#endif
  return first;
}
