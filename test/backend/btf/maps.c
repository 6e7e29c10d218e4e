// RUN: bpfcc -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: bpfcc -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o --no-code --btf | FileCheck %s
// RUN: bpfcc dump %t.eb.o --no-code --btf | FileCheck %s

// What a map's members point to is needed, also inside of inner maps.

// CHECK-DAG: struct { int (*type)[12] @0; unsigned int *key @8; struct inner *values[0] @16; } // 16 bytes
// CHECK-DAG: struct inner { int (*type)[1] @0; struct value *value @8; } // 16 bytes
// CHECK-DAG: struct value { long a @0; } // 8 bytes
// CHECK-DAG: section .maps { {{.*}} // {{[0-9]+}} bytes

struct value { long a; };
struct inner {
  int (*type)[1];
  struct value *value;
};
struct {
  int (*type)[12];
  unsigned *key;
  struct inner *values[];
} outer __attribute__((section(".maps"), used));
