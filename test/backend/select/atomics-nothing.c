// Adding nothing is an addition still, though LLVM calls it an `or` of 0.
// RUN: bpfcc -O0 -mcpu=v1 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v1 -S %s -o - | FileCheck %s

// CHECK-LABEL: word:
// CHECK: lock *(u32 *)({{.*}}) += w{{[0-9]}}
void word(unsigned *p) { __sync_fetch_and_add(p, 0); }

// CHECK-LABEL: two:
// CHECK: lock *(u64 *)({{.*}}) += r{{[0-9]}}
void two(unsigned long *p) { __sync_fetch_and_sub(p, 0); }
