// Objects of the kernel in maps: they are moved in and out by bpf_kptr_xchg(),
// and what is read is good in an RCU section alone.
// RUN: bpfcc -c %S/Inputs/kernel.c -o %t.kernel.o
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check --btf=%t.kernel.o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check --btf=%t.kernel.o %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     kernel-kptr.c:{{.*}}error: a pointer that holds a reference is stored to (`stores`,
// CHECK:     kernel-kptr.c:{{.*}}error: argument 1 of `bpf_task_acquire` must be a `struct task_struct`, this is one that may be out of date (`sleeps`,
// CHECK-NOT: error:

// FIXED: stores {{.*}} accepted
// FIXED: sleeps {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct mm { long start, end; };
struct task_struct { long state; int pid; char comm[16]; struct mm *mm; struct task_struct *parent; };
struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;

struct slot {
  struct task_struct __attribute__((btf_type_tag("kptr"))) *task;
};
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, struct slot);
} tasks SEC(".maps");

static struct slot *first(void) {
  int zero = 0;
  return bpf_map_lookup_elem(&tasks, &zero);
}

SEC("tp_btf/task_newtask") int stores(__u64 *ctx) {
  struct slot *slot = first();
  if (!slot)
    return 0;
  struct task_struct *task = bpf_task_acquire((void *)ctx[0]);
  if (!task)
    return 0;
#ifdef FIXED
  task = bpf_kptr_xchg(&slot->task, task);
  if (task)
    bpf_task_release(task);
#else
  slot->task = task;
#endif
  return 0;
}
SEC("fentry.s/wake_up") int sleeps(__u64 *ctx) {
  struct slot *slot = first();
  if (!slot)
    return 0;
#ifdef FIXED
  bpf_rcu_read_lock();
#endif
  struct task_struct *task = slot->task;
  if (task && (task = bpf_task_acquire(task)))
    bpf_task_release(task);
#ifdef FIXED
  bpf_rcu_read_unlock();
#endif
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
