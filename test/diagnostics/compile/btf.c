// The types of the kernel are asked when compiling, and are to be there.
// RUN: not bpfcc --btf=%t.none -c %s -o %t.gone.o 2>&1 | FileCheck %s
// RUN: test ! -e %t.gone.o

// CHECK: error: cannot open `{{.*}}.none`: No such file or directory
int prog(void *ctx) __attribute__((section("xdp")));
int prog(void *ctx) { return 2; }
