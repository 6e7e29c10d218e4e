// RUN: bpfcc -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: bpfcc -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o --no-code --btf | FileCheck %s --implicit-check-not=unused
// RUN: bpfcc dump %t.eb.o --no-code --btf | FileCheck %s --implicit-check-not=unused

// CHECK-DAG: ] static int local(int x);
// CHECK-DAG: ] int global(const char *text, int n);
// CHECK-DAG: [[[#KFUNC:]]] extern int kernel(int);
// CHECK-DAG: [[[#PROG:]]] int prog(int *ctx);
// CHECK-DAG: btf_decl_tag("whole") of prog() [[[#PROG]]]{{$}}
// CHECK-DAG: btf_decl_tag("arg") of prog() [[[#PROG]]], argument ctx
// CHECK-DAG: section .ksyms { kernel [[[#KFUNC]]] @0, 0 bytes; }

extern int kernel(int x) __attribute__((section(".ksyms")));
extern int unused(int x);

static __attribute__((noinline)) int local(int x) { return kernel(x); }
__attribute__((noinline)) int global(const char *text, int n) { return text[n]; }

__attribute__((section("xdp"), btf_decl_tag("whole")))
int prog(int *ctx __attribute__((btf_decl_tag("arg")))) {
  return local(*ctx) + global("text", *ctx);
}
