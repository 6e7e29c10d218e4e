// Declarations that do not fit the definition are reported with both places.
// RUN: rm -rf %t && mkdir %t && cp %s %t/use.c && cd %t
// RUN: bpfcc -c use.c -o a.o
// RUN: bpfcc -c use.c -o b.o -DDEFINE
// RUN: not bpfcc a.o b.o -o c.o 2>&1 | FileCheck %s

// CHECK: use.c:[[#@LINE+22]]:{{.*}}error: `level` is declared in two ways: `int` here, `long` there [BPF0709]
// CHECK: b.o: note: `level` is defined here [BPF0708]
// CHECK: use.c:[[#@LINE+23]]:{{.*}}error: `scale` is declared in two ways: argument 1: `int` here, `struct pair *` there [BPF0709]
// CHECK: use.c:[[#@LINE+9]]:{{.*}}note: `scale` is defined here [BPF0708]
// CHECK-NOT: error

#define SEC(Name) __attribute__((section(Name), used))
struct pair {
  int a, b;
};
#ifdef DEFINE
long level = 3;
int scale(struct pair *p) { return p ? p->a : 0; }
int fine(const struct pair *p) { return p ? p->b : 0; }
unsigned names[4];
#else
extern int level;
int scale(int p);
struct opaque;
int fine(struct pair *p);
extern int names[];
SEC("xdp") int prog(struct pair *ctx) {
  return level +
         fine(ctx) +
         names[2] +
         scale(3);
}
#endif
