// Literals have no symbols; equal ones may be merged, by the width of each.
// RUN: bpfcc -c %s -o %t.o && llvm-readelf-22 -sS %t.o | FileCheck %s
// RUN: bpfcc -target bpfeb -c %s -o %t.o && llvm-readelf-22 -sS %t.o | FileCheck %s
// CHECK-DAG: .rodata.str1.1 PROGBITS {{.*}} 000005 01 AMS
// CHECK-DAG: .rodata.cst16 PROGBITS {{.*}} 000010 10 AM
// CHECK-DAG: .rodata PROGBITS {{.*}} 000018 00 A
// CHECK: Symbol table
// CHECK-NOT: OBJECT
// CHECK: NOTYPE GLOBAL HIDDEN UND hidden
// CHECK-NOT: OBJECT
#define SEC(n) __attribute__((section(n), used))
static long (*const use)(const void *, ...) = (void *)6;
extern int hidden(void) __attribute__((visibility("hidden")));

SEC("tc") int prog(void *ctx) {
  char sixteen[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  char more[24] = {3, 2, 1, 9, 9, 9, 9, 9, 9, 9, 9};
  use("abc", 3);
  use("", 3);
  use(sixteen, 16);
  use(more, 24);
  return hidden();
}
