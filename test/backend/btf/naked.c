// RUN: bpfcc -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: bpfcc -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: llvm-readelf -S %t.el.o | FileCheck %s --check-prefix=SIZE
// RUN: bpfcc dump %t.el.o | FileCheck %s
// RUN: bpfcc dump %t.eb.o | FileCheck %s

// The end of a naked function is a place in the source, but no instruction:
// .BTF.ext has 32 bytes of header, 20 of functions, 28 of lines: there is one.

// SIZE: .BTF.ext PROGBITS {{[0-9a-f]+}} {{[0-9a-f]+}} 000050

// CHECK:      xdp: prog, 2 instructions
// CHECK-NEXT: ; {{.*}}naked.c:[[#@LINE+5]]: asm volatile(
// CHECK-NEXT: 0: r0 = 0x1
// CHECK-NEXT: 1: exit

__attribute__((naked, section("xdp"))) int prog(void *ctx) {
  asm volatile("r0 = 1; exit");
}
