// Functions of the kernel: what they give must be released, and what they take
// must be an object that is alive.
// RUN: bpfcc -c %S/Inputs/kernel.c -o %t.kernel.o
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check --btf=%t.kernel.o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check --btf=%t.kernel.o %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     kernel-call.c:{{.*}}error: the end of the program is reached, and an object of the kernel is still held (`leaks`,
// CHECK:     kernel-call.c:{{.*}}error: argument 1 of `bpf_task_acquire` must be a `struct task_struct`, this is one that may be out of date (`walks`,
// CHECK:     kernel-call.c:{{.*}}error: `task` may be null here, and `bpf_task_release` wants an object (`unasked`,
// CHECK:     kernel-call.c:{{.*}}error: `bpf_task_acquire` cannot be called by programs of type SK_MSG (`elsewhere`,
// CHECK-NOT: error:

// FIXED: leaks {{.*}} accepted
// FIXED: walks {{.*}} accepted
// FIXED: unasked {{.*}} accepted
// FIXED: elsewhere {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct mm { long start, end; };
struct task_struct { long state; int pid; char comm[16]; struct mm *mm; struct task_struct *parent; };
struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
struct task_struct *bpf_task_from_pid(int pid) __ksym;

SEC("tp_btf/task_newtask") int leaks(__u64 *ctx) {
  struct task_struct *task = bpf_task_acquire((void *)ctx[0]);
#ifdef FIXED
  if (task)
    bpf_task_release(task);
#endif
  return 0;
}
#ifdef FIXED
SEC("tp_btf/task_newtask")
#else
SEC("fentry/wake_up")
#endif
int walks(__u64 *ctx) {
  struct task_struct *task = (void *)ctx[0];
  task = bpf_task_acquire(task->parent);
  if (task)
    bpf_task_release(task);
  return 0;
}
SEC("tp_btf/task_newtask") int unasked(__u64 *ctx) {
  struct task_struct *task = bpf_task_from_pid(1);
#ifdef FIXED
  if (!task)
    return 0;
#endif
  bpf_task_release(task);
  return 0;
}
#ifdef FIXED
SEC("tp_btf/task_newtask")
#else
SEC("sk_msg")
#endif
int elsewhere(void *ctx) {
  struct task_struct *task = bpf_task_acquire(*(void **)ctx);
  if (task)
    bpf_task_release(task);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
