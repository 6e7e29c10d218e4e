// Headers of the types in raw BTF, and in the BTF of an object.

// RUN: rm -rf %t && mkdir %t && bpfcc %s -o %t/x.o
// RUN: llvm-objcopy --dump-section=.BTF=%t/raw %t/x.o
// RUN: bpfcc gen vmlinux %t/raw -o %t/vmlinux.h
// RUN: bpfcc gen vmlinux %t/x.o | diff %t/vmlinux.h -
// RUN: FileCheck %s --input-file=%t/vmlinux.h
// RUN: echo '#include "vmlinux.h"' > %t/use.c
// RUN: echo 'int count(struct shape *s) { return s->corners + (s->c == red); }' >> %t/use.c
// RUN: bpfcc -I%t -c %t/use.c -o %t/use.o && bpfcc dump --relocs %t/use.o | FileCheck %s --check-prefix=CORE

// CHECK:      #ifndef __VMLINUX_H__
// CHECK:      #pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
// CHECK:      struct shape {
// CHECK-NEXT:   int corners;
// CHECK-NEXT:   enum colour c;
// CHECK-NEXT: };
// CHECK:      #pragma clang attribute pop
// CHECK:      extern struct shape *shape_of(int x) __attribute__((weak, section(".ksyms")));
// CHECK-NOT:  other

// CORE-DAG: byte offset of shape.corners
// CORE-DAG: byte offset of shape.c

enum colour { red, green };
struct shape {
  int corners;
  enum colour c;
} value;
__attribute__((noinline, btf_decl_tag("bpf_kfunc"))) struct shape *shape_of(int x) {
  return x ? &value : 0;
}
__attribute__((section("xdp"))) int other(void *ctx) {
  return shape_of((int)(long)ctx) == 0;
}
