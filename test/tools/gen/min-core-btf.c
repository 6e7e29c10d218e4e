// The types that relocations need, and no others: what bpftool keeps, too.

// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -DKERNEL %s -o %t/kernel.o && bpfcc %s -o %t/x.o
// RUN: llvm-objcopy --dump-section=.BTF=%t/kernel.btf %t/kernel.o
// RUN: bpfcc gen min-core-btf %t/kernel.btf %t/min.btf %t/x.o
// RUN: bpftool btf dump file %t/min.btf > %t/min.txt && FileCheck %s --input-file=%t/min.txt
// RUN: bpftool gen min_core_btf %t/kernel.btf %t/bpftool.btf %t/x.o
// RUN: bpftool btf dump file %t/bpftool.btf | diff %t/min.txt -
// RUN: bpfcc gen min_core_btf %t/kernel.o %t/again.btf %t/x.o %t/x.o && cmp %t/min.btf %t/again.btf
// RUN: not bpfcc gen min-core-btf %t/kernel.btf %t/none.btf 2>&1 | FileCheck %s --check-prefix=USAGE
// RUN: not bpfcc gen min-core-btf %t/none.o %t/none.btf %t/x.o 2>&1 | FileCheck %s --check-prefix=NONE
// USAGE: needs a kernel's BTF, the file to write, and objects
// NONE: cannot open `{{.*}}none.o`: No such file or directory

// CHECK-DAG: STRUCT 'task' size=64 vlen=4
// CHECK-DAG: 'pid' type_id
// CHECK-DAG: 'name' type_id
// CHECK-DAG: 'memory' type_id
// CHECK-DAG: '(anon)' type_id
// CHECK-DAG: STRUCT 'memory' size=16 vlen=1
// CHECK-DAG: 'pages' type_id
// CHECK-DAG: ENUM 'state'
// CHECK-DAG: STRUCT 'whole' size=4 vlen=0
// CHECK-NOT: {{unused|other}}

#ifdef KERNEL
typedef int pid_t;
enum state { idle, busy };
struct unused {
  int other;
} not_there;
struct memory {
  long other, pages;
};
struct whole {
  int other;
};
struct task {
  long other;
  pid_t pid;
  struct unused *unused;
  struct memory *memory;
  char name[16];
  union {
    struct {
      int other2, inside;
    };
    long other3;
  };
  enum state state;
  int bits : 3, flag : 1;
} task;
struct memory memory;
struct whole whole;
#else
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct memory {
  long pages;
};
struct task {
  int pid;
  struct memory *memory;
  char name[16];
  int inside;
};
struct task___old {
  int gone;
};
struct whole {};
enum state { idle, busy };
#pragma clang attribute pop
__attribute__((section("xdp"))) long f(struct task *t) {
  return t->pid + t->name[3] + t->memory->pages + t->inside +
         __builtin_preserve_field_info(((struct task___old *)t)->gone, 2) +
         __builtin_preserve_type_info(*(struct whole *)0, 0) +
         __builtin_preserve_enum_value(*(enum state *)busy, 1);
}
#endif
