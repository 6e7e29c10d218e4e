// A global function says by __arg_trusted that it wants a valid object of the
// kernel.
// RUN: bpfcc -c %S/Inputs/kernel.c -o %t.kernel.o
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check --btf=%t.kernel.o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check --btf=%t.kernel.o %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     kernel-argument.c:{{.*}}error: argument 1 of `pid_of` must be an object of the kernel that is alive, this is the address of a variable (`own`,
// CHECK-NOT: error:

// FIXED: own {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct { long state; int pid; };

__attribute__((noinline)) int
pid_of(struct task_struct *task __attribute__((btf_decl_tag("arg:trusted")))) {
  return task->pid;
}
SEC("tp_btf/task_newtask") int own(__u64 *ctx) {
#ifdef FIXED
  return pid_of((void *)ctx[0]);
#else
  struct task_struct task = {};
  return pid_of(&task);
#endif
}
char LICENSE[] SEC("license") = "GPL";
