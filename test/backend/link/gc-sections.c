// --gc-sections keeps what programs reach, and --export; functions and maps go
// alone, data goes by sections of an input, and types with what needs them.
// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -c %s -o %t/a.o -DMAIN
// RUN: bpfcc -c %s -o %t/b.o
// RUN: bpfcc %t/a.o %t/b.o --gc-sections -Map=%t/map -o %t/c.o
// RUN: bpfcc run %t/c.o --data 00 | FileCheck %s
// RUN: bpfcc dump %t/c.o --no-code --btf | FileCheck --check-prefix=TYPES %s
// RUN: FileCheck --check-prefix=MAP %s < %t/map
// RUN: bpfcc %t/a.o %t/b.o -Wl,--gc-sections,--export=unused -o %t/d.o
// RUN: llvm-readelf -s %t/d.o | FileCheck --check-prefix=EXPORT %s
// RUN: not bpfcc %t/a.o --gc-sections --export=nowhere -o %t/e.o 2>&1 | FileCheck --check-prefix=NOWHERE %s
// RUN: bpfcc %t/a.o %t/b.o -o %t/all.o
// RUN: bpfcc run %t/all.o --data 00 | FileCheck --check-prefix=ALL %s
// RUN: bpfcc -target bpfeb -c %s -o %t/a.be.o -DMAIN
// RUN: bpfcc -target bpfeb -c %s -o %t/b.be.o
// RUN: bpfcc %t/a.be.o %t/b.be.o --gc-sections -o %t/c.be.o
// RUN: bpfcc run %t/c.be.o --data 00 | FileCheck %s

// CHECK: {{^ +}}42{{ +}}1
// CHECK-NOT: map old
// ALL: map old

// TYPES-NOT: struct forgotten
// TYPES-NOT: unused(
// TYPES: int used(int x)
// TYPES-NOT: struct forgotten
// TYPES-NOT: unused(

// MAP: .text, {{[0-9]+}} bytes, aligned to 8
// MAP: b.o(.text) first
// MAP-NEXT: b.o(.text) used
// MAP: dropped
// MAP-DAG: b.o(.maps) old
// MAP-DAG: b.o(.bss)
// MAP-DAG: b.o(.text) unused
// EXPORT-DAG: unused
// EXPORT-DAG: old
// NOWHERE: --export=nowhere: error: `nowhere` is defined nowhere [BPF0706]

#define SEC(Name) __attribute__((section(Name), used))
#define NOINLINE __attribute__((noinline))
int used(int x);
#ifdef MAIN
SEC("xdp") int prog(void *ctx) { return used(20); }
#else
struct forgotten {
  int a;
};
struct {
  int (*type)[2];
  int (*max_entries)[1];
  unsigned *key;
  struct forgotten *value;
} old SEC(".maps");
static void *(*lookup)(void *Map, const void *Key) = (void *)1;
static NOINLINE int first(int x) { return x + 1; }
int zero;
NOINLINE int unused(struct forgotten *f) {
  unsigned Key = 0;
  f = lookup(&old, &Key);
  return f ? f->a + zero : first(zero);
}
static volatile int two = 2;
static NOINLINE int second(int x) { return x * two; }
NOINLINE int used(int x) { return second(first(x)); }
#endif
