// Iterators over objects of the kernel.
// RUN: bpfcc -c %S/Inputs/kernel.c -o %t.kernel.o
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check --btf=%t.kernel.o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check --btf=%t.kernel.o %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     kernel-iterator.c:{{.*}}error: the RCU section in which the iterator was begun has ended (`outside`,
// CHECK-NOT: error:

// FIXED: outside {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct { long state; int pid; };
struct bpf_iter_task { unsigned long state[3]; };
int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task, unsigned flags) __ksym;
struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym;
void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym;
void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
long sum;

SEC("fentry.s/wake_up") int outside(__u64 *ctx) {
  struct bpf_iter_task it;
  struct task_struct *task;
  bpf_rcu_read_lock();
  bpf_iter_task_new(&it, 0, 0);
#ifndef FIXED
  bpf_rcu_read_unlock();
#endif
  while ((task = bpf_iter_task_next(&it)))
    sum += task->pid;
  bpf_iter_task_destroy(&it);
#ifdef FIXED
  bpf_rcu_read_unlock();
#endif
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
