// CO-RE: fields are found by name in the kernel's types; what is not there must
// be tested before.
// RUN: bpfcc -c %S/Inputs/kernel.c -o %t.kernel.o
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check --btf=%t.kernel.o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check --btf=%t.kernel.o %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     kernel-field.c:{{[0-9]+}}:{{.*}}error: CO-RE: `task_struct.cookie` is not in the kernel's types
// CHECK:     help: test it before: bpf_core_field_exists()
// CHECK-NOT: error:

// FIXED: cookie {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct mm { long end; };
struct task_struct { long cookie; struct mm *mm; struct task_struct___old *parent; };
struct task_struct___old { struct mm *mm; };
#pragma clang attribute pop

long seen;

SEC("fentry/wake_up") int cookie(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[0];
  long sum = task->mm->end + task->parent->mm->end;
#ifdef FIXED
  if (bpf_core_field_exists(task->cookie))
#endif
    sum += task->cookie;
  seen = sum;
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
