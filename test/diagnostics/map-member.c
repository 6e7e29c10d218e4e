// The loader finds this one, before any path is followed.
// RUN: clang -target bpf -O2 -g -mcpu=v3 -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s

// CHECK:     error: not a usable BPF object: map `m` has the unknown member `vaule`; did you mean `value`?
// CHECK-NOT: error:

struct { int (*type)[1], (*max_entries)[4]; int *key; long *vaule; } m __attribute__((section(".maps"), used));
static void *(*const lookup)(void *, const void *) = (void *)1;

__attribute__((section("socket"), used)) int prog(void *ctx) {
  int key = 0;
  return lookup(&m, &key) != 0;
}
