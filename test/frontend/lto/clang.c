// Bitcode of clang: its CO-RE accesses, which LLVM's passes have rewritten, are
// those of bpfcc, and two types of one name do not mix.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: clang-22 -target bpf -O2 -g -flto -DMAIN -c %s -o a.o
// RUN: clang-22 -target bpf -O2 -g -flto -c %s -o b.o
// RUN: bpfcc -flto a.o b.o -o c.o && bpfcc dump c.o --relocs | FileCheck %s
// RUN: bpfcc -flto -c %s -o ours.o && bpfcc a.o ours.o -o d.o
// RUN: bpfcc dump d.o --relocs | FileCheck %s

// CHECK: relocations
// CHECK-DAG: byte offset of task.pid, 8 here
// CHECK-DAG: byte offset of task.pid, 4 here
// CHECK-DAG: existence of task.pid, 1 here
// CHECK-DAG: value of state.Running, 5 here
// CHECK-DAG: type id in the kernel of struct task
// CHECK-NOT: call add

#ifdef MAIN
struct task {
  long first;
  int pid;
} __attribute__((preserve_access_index));
#else
struct task {
  int first, pid;
} __attribute__((preserve_access_index));
#endif
enum state { Idle, Running = 5 };
int add(void *p);
#ifdef MAIN
__attribute__((section("raw_tp/sys_enter"), used)) int prog(struct task **c) {
  return (*c)->pid + add(*c);
}
#else
int add(void *p) {
  struct task *t = p;
  return t->pid + __builtin_preserve_field_info(t->pid, 2) +
         __builtin_preserve_enum_value(*(typeof(enum state) *)Running, 1) +
         __builtin_btf_type_id(*(struct task *)0, 1);
}
#endif
