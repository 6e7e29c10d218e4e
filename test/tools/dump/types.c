// RUN: clang -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: clang -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o --no-code --btf | FileCheck %s
// RUN: bpfcc dump %t.eb.o --no-code --btf | FileCheck %s
// RUN: clang -target bpfel -O2 -c %s -o %t.none.o
// RUN: bpfcc dump %t.none.o --no-code --btf | FileCheck %s --check-prefix=NONE

// CHECK-DAG: [[[#INT:]]] int // integer, 32 bits in 4 bytes, signed
// CHECK-DAG: [[[#]]] struct outer { struct outer *next @0; int (*call)(int, const char *) @8; int low : 3 @16:{{0|5}}; union [[[#U:]]] @20; } // 24 bytes
// CHECK-DAG: [[[#U]]] union { int a @0; enum small b @0; } // 4 bytes
// CHECK-DAG: enum small { MINUS = -1, ONE = 1 } // 4 bytes, signed
// CHECK-DAG: typedef const char *text;
// CHECK-DAG: struct hidden;
// CHECK-DAG: [[[#FUNC:]]] int prog(struct outer *o, struct hidden *h);
// CHECK-DAG: btf_decl_tag("nonnull") of prog() [[[#FUNC]]], argument h
// CHECK-DAG: static volatile int counter;
// CHECK-DAG: [[[#NAME:]]] text names[2];
// CHECK-DAG: section .bss { {{.*}}names [[[#NAME]]] @{{[0-9]+}}, 16 bytes;

// NONE: no types

typedef const char *text;
enum small { MINUS = -1, ONE = 1 };
struct hidden;
struct outer {
  struct outer *next;
  int (*call)(int, const char *);
  int low : 3;
  union { int a; enum small b; };
};
static volatile int counter;
text names[2];

int prog(struct outer *o, struct hidden *h __attribute__((btf_decl_tag("nonnull")))) {
  return counter++ + o->low + (h != 0);
}
