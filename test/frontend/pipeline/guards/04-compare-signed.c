// Class 4: a signed index is extended once, before both checks, also where LLVM
// made the second an unsigned one.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc -mcpu=v2 -c %s -o %t.2.o && %verdict accepted %t.2.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: %unguarded CompareWidePass v2 %s %t.off.o
// RUN: %verdict rejected %t.off.o "unbounded min value"
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
int Table[16];
// CHECK:     if [[I:r[0-9]]] s{{<|>}}
// CHECK:     if [[I]] {{>|>=|<|<=}} 0x{{f|10}}
// OFF:       >>= 0x20
// OFF-NEXT:  if r{{[0-9]}} {{>|>=|<|<=}} 0x{{f|10}}
// OFF:       s>>= 0x20
SEC("socket") int program(struct __sk_buff *Ctx) {
  long I = (int)(Ctx->mark + 3);
  if (I < 0)
    return 1;
  if (I < 16)
    Table[I] = 3;
  return 2;
}
