// Helpers take objects that an event handed over, and not what was read out of
// them where nothing keeps that alive.
// RUN: bpfcc -c %S/Inputs/kernel.c -o %t.kernel.o
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check --btf=%t.kernel.o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check --btf=%t.kernel.o %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     kernel-trust.c:{{[0-9]+}}:{{.*}}error: argument 2 of `bpf_task_storage_get` must be a `struct task_struct`, this is a `struct mm` (`other`,
// CHECK:     kernel-trust.c:{{[0-9]+}}:{{.*}}error: the program returns (it is 1 to 1), it must return -4095 to 0 (`returns`,
// CHECK-NOT: error:

// FIXED: other {{.*}} accepted
// FIXED: returns {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct mm { long start, end; };
struct task_struct { long state; int pid; char comm[16]; struct mm *mm; struct task_struct *parent; };
struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, long);
} tasks SEC(".maps");

SEC("tp_btf/task_newtask") int other(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[0];
#ifdef FIXED
  void *whose = task->parent;
#else
  void *whose = task->mm;
#endif
  long *value = bpf_task_storage_get(&tasks, whose, 0, 1);
  if (value)
    *value = 1;
  return 0;
}
SEC("lsm/file_open") int returns(__u64 *ctx) {
#ifdef FIXED
  return -1;
#else
  return 1;
#endif
}
char LICENSE[] SEC("license") = "GPL";
