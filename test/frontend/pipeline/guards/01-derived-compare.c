// Class 1: LLVM compares `id - 4` in place of `id`, and the program indexes by
// `id`. PlainBranchesPass compares `id` again.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: %unguarded PlainBranchesPass v3 %s %t.off.o
// RUN: %verdict rejected %t.off.o "unbounded memory access"
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
int Table[16];
// CHECK:      call
// CHECK-NOT:  +=
// CHECK:      if [[ID:[rw][0-9]]] < 0x4
// CHECK-NEXT: if [[ID]] {{>= 0xd|> 0xc}}
// OFF: += -{{0x4|0xd}}
SEC("socket") int program(void *Ctx) {
  unsigned Id = bpf_get_prandom_u32();
  if (Id < 4 || Id > 12)
    return 0;
  return Table[Id];
}
