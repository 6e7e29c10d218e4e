// RUN: bpfcc -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: bpfcc -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o --no-code --btf | FileCheck %s
// RUN: bpfcc dump %t.eb.o --no-code --btf | FileCheck %s

// The sign is that of the type that holds the values.

// CHECK-DAG: enum plain { ZERO = 0, ONE = 1 } // 4 bytes, unsigned
// CHECK-DAG: enum minus { MINUS = -1, MANY = 2147483647 } // 4 bytes, signed
// CHECK-DAG: enum wide { HUGE = 1311768467463790320 } // 8 bytes, unsigned
// CHECK-DAG: enum narrow { SMALL = -2 } // 1 bytes, signed

enum plain { ZERO, ONE } a;
enum minus { MINUS = -1, MANY = 0x7fffffff } b;
enum wide { HUGE = 0x123456789abcdef0ull } c;
enum __attribute__((packed)) narrow { SMALL = -2 } d;
