// A field that the kernel's types do not have, under CO-RE.
// RUN: bpfcc -DKERNEL -c %s -o %t.kernel.o
// RUN: not bpfcc --btf=%t.kernel.o -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED --btf=%t.kernel.o -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     core-field.c:25:{{([0-9]+:)?}} error: CO-RE: `task_struct___old.no_such_field` is not in the kernel's types
// CHECK:     help: test it before: bpf_core_field_exists()
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef KERNEL
struct task_struct { int pid; } init_task;
#else
struct task_struct___old { int no_such_field; } __attribute__((preserve_access_index));

SEC("raw_tp/sched_switch") int prog(void *ctx) {
  struct task_struct___old *t = (void *)bpf_get_current_task();
#ifdef FIXED
  if (!bpf_core_field_exists(t->no_such_field))
    return 0;
#endif
  return BPF_CORE_READ(t, no_such_field);
}
#endif
