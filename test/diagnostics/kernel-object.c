// Objects of the kernel are read by its types.
// RUN: bpfcc -c %S/Inputs/kernel.c -o %t.kernel.o
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check --btf=%t.kernel.o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check --btf %t.kernel.o %t.fixed.o | FileCheck %s --check-prefix=FIXED
// RUN: not bpfcc check %t.fixed.o 2>&1 | FileCheck %s --check-prefix=NONE

// CHECK:     kernel-object.c:{{[0-9]+}}:{{.*}}error: part of the pointer `mm` of `task_struct` is read (`part`,
// CHECK:     kernel-object.c:{{[0-9]+}}:{{.*}}error: `struct task_struct` is written, and this program may only read it (`writes`,
// CHECK:     error: the kernel has no function `no_such_function` (`nowhere`,
// CHECK-NOT: error:

// FIXED: part {{.*}} accepted
// FIXED: writes {{.*}} accepted
// FIXED: nowhere {{.*}} accepted

// NONE: note: cannot be judged: this reads an object of the kernel, whose types are not known here
// NONE: help: give the types of the kernel: --btf FILE
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct mm { long start, end; };
struct task_struct { long state; int pid; char comm[16]; struct mm *mm; struct task_struct *parent; };

long seen;

SEC("fentry/wake_up") int part(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[0];
#ifdef FIXED
  seen = task->mm->start;
#else
  seen = *(int *)&task->mm;
#endif
  return 0;
}
SEC("tp_btf/task_newtask") int writes(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[0];
#ifndef FIXED
  task->pid = 1;
#endif
  return task->pid;
}
#ifdef FIXED
SEC("fexit/wake_up")
#else
SEC("fexit/no_such_function")
#endif
int nowhere(__u64 *ctx) { seen = (int)ctx[2]; return 0; }
char LICENSE[] SEC("license") = "GPL";
