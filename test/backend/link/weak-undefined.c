// A weak function that nothing defines: its address is 0, and the call that
// would not run does nothing.
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc %t.o -o %t.linked.o
// RUN: bpfcc run %t.linked.o --data 00 | FileCheck %s
// RUN: llvm-readelf -s %t.linked.o | FileCheck --check-prefix=SYMBOLS %s
// RUN: bpfcc -r %t.o -o %t.partial.o
// RUN: llvm-readelf -s %t.partial.o | FileCheck --check-prefix=PARTIAL %s

// CHECK: {{^ +}}7{{ +}}1
// SYMBOLS-NOT: absent
// PARTIAL: WEAK DEFAULT UND absent

__attribute__((weak)) int absent(int x);
__attribute__((section("xdp"), used)) int prog(void *ctx) {
  return absent ? absent(3) : 7;
}
