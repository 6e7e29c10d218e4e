// RUN: bpfcc -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: bpfcc -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o --no-code --btf | FileCheck %s
// RUN: bpfcc dump %t.eb.o --no-code --btf | FileCheck %s

// CHECK-DAG: [[[#S:]]] struct s { int a : 3 @0:{{0|5}}; int b : 30 @4:{{0|2}}; union [[[#U:]]] @8; flag_t flags[2][3] @16; void (*call)(struct s *, double) @24; char tail[0] @32; } // 32 bytes
// CHECK-DAG: [[[#U]]] union { long whole @0; struct [[[#]]] half @0; } // 8 bytes
// CHECK-DAG: typedef _Bool flag_t;
// CHECK-DAG: _Bool // integer, 8 bits in 1 bytes, bool
// CHECK-DAG: double // floating point, 8 bytes
// CHECK-DAG: btf_type_tag("user") char *
// CHECK-DAG: btf_decl_tag("mark") of struct s [[[#S]]], member flags

typedef _Bool flag_t;
struct s {
  int a : 3, b : 30;
  union {
    long whole;
    struct { short low, high; } half;
  };
  flag_t flags[2][3] __attribute__((btf_decl_tag("mark")));
  void (*call)(struct s *, double);
  char tail[];
} s;
char __attribute__((btf_type_tag("user"))) *user;
