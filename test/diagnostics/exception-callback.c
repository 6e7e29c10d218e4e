// What is thrown is what the program returns, or what its callback makes of it.
// RUN: bpfcc -c %S/Inputs/kernel.c -o %t.kernel.o
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check --btf=%t.kernel.o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check --btf=%t.kernel.o %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     exception-callback.c:{{.*}}error: the program returns (it is 5 to 5), it must return 0 (`throws`,
// CHECK:     exception-callback.c:{{.*}}error: the program returns {{.*}}, it must return 0 (`catches`,
// CHECK-NOT: error:

// FIXED: throws {{.*}} accepted
// FIXED: catches {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

void bpf_throw(__u64 cookie) __ksym;

SEC("fentry/wake_up") int throws(__u64 *ctx) {
  if (ctx[1])
#ifdef FIXED
    bpf_throw(0);
#else
    bpf_throw(5);
#endif
  return 0;
}
__attribute__((noinline)) int handle(__u64 cookie) {
#ifdef FIXED
  return 0;
#else
  return cookie;
#endif
}
SEC("fentry/wake_up") __attribute__((btf_decl_tag("exception_callback:handle")))
int catches(__u64 *ctx) {
  if (ctx[1])
    bpf_throw(5);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
