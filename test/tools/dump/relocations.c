// RUN: clang -target bpfel -O2 -g -mcpu=v3 -c %s -o %t.el.o
// RUN: clang -target bpfeb -O2 -g -mcpu=v3 -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o --no-code --relocs | FileCheck %s
// RUN: bpfcc dump %t.eb.o --no-code --relocs | FileCheck %s
// RUN: bpfcc dump %t.el.o | FileCheck %s --check-prefix=CODE

// CHECK:      xdp: prog, relocations
// CHECK-DAG:  insn 0: CO-RE: byte offset of task.comm[2], 10 here
// CHECK-DAG:  insn {{[0-9]+}}: address of map `tails`
// CHECK-DAG:  CO-RE: existence of task.pid, 1 here
// CHECK-DAG:  CO-RE: byte size of struct task, 28 here
// CHECK-DAG:  CO-RE: value of state.RUNNING, 7 here
// CHECK-DAG:  call of `elsewhere`, defined elsewhere
// CHECK:      .maps, relocations
// CHECK-NEXT: byte 8: address of function `prog`

// CODE: // CO-RE: byte offset of task.comm[2]

#define CORE __attribute__((preserve_access_index))
struct task {
  struct { int pid, tgid; } CORE;
  char comm[20];
} CORE;
enum state { IDLE, RUNNING = 7 };

int prog(struct task *t);
struct {
  int (*type)[3];
  int (*values[1])(struct task *);
} tails __attribute__((section(".maps"))) = {.values = {prog}};
extern int elsewhere(void *, long) __attribute__((section(".ksyms")));

__attribute__((section("xdp"))) int prog(struct task *t) {
  if (elsewhere(&tails, t->comm[2]))
    return __builtin_preserve_field_info(t->pid, 2);
  return __builtin_preserve_type_info(*(struct task *)0, 1) +
         __builtin_preserve_enum_value(*(enum state *)RUNNING, 1);
}
