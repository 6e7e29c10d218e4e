// RUN: bpfcc -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: bpfcc -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o --no-code --btf | FileCheck %s --implicit-check-not=unseen
// RUN: bpfcc dump %t.eb.o --no-code --btf | FileCheck %s --implicit-check-not=unseen

// A pointer inside of a structure does not bring in what it points to: only
// what something else needs is there, the rest is declared.

// CHECK-DAG: struct root { struct far *far @0; struct near *near @8; far_t *again @16; union either *u @24; } // 32 bytes
// CHECK-DAG: ] struct far;
// CHECK-DAG: ] union either;
// CHECK-DAG: struct near { int x @0; } // 4 bytes
// CHECK-DAG: struct taken { struct taken *next @0; } // 8 bytes

struct deep { int unseen; };
struct far { struct deep d; };
typedef struct far far_t;
struct near { int x; };
union either { struct deep d; };
struct taken { struct taken *next; };
struct root {
  struct far *far;
  struct near *near;
  far_t *again;
  union either *u;
};

int f(struct root *r, struct taken *t) { return r->near->x + (t->next != 0); }
struct near n;

