// Data in inline assembly: bytes that are instructions, a distance to a label
// of C, and a slot that no instruction stands for, which -S keeps too.
// RUN: bpfcc -target bpfel -O2 -c %s -o %t.o
// RUN: llvm-objdump -d %t.o | FileCheck %s
// RUN: bpfcc -target bpfeb -O2 -c %s -o %t.eb.o
// RUN: llvm-objdump -d %t.eb.o | FileCheck %s --check-prefix=BIG
// RUN: bpfcc -target bpfel -O2 -S %s -o - | FileCheck %s --check-prefix=TEXT

// CHECK-LABEL: <invalid>:
// CHECK-NEXT: bf f0 00 00 00 00 00 00 <unknown>
// CHECK-NEXT: exit
// BIG-LABEL: <invalid>:
// BIG-NEXT: 00 00 00 00 00 00 f0 bf <unknown>
// TEXT: .8byte 0x000000000000f0bf
__attribute__((naked, section("socket"))) int invalid(void) {
  asm volatile(".8byte %[insn]; exit" : : [insn] "i"(0xf0bf));
}

// CHECK-LABEL: <loop>:
// CHECK: e5 00 [[D:0[1-9]]] 00 00 00 00 00
// CHECK: exit
__attribute__((section("socket"))) int loop(void) {
  int n = 0;
  for (;;) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    asm volatile goto("1: .byte 0xe5; .byte 0;"
                      ".long ((%l[out] - 1b - 8) / 8) & 0xffff; .short 0"
                      : : : : out);
#endif
    asm volatile(".ifc %[n], r0; .byte 7, 0; .else; .byte 7, 1; .endif;"
                 ".short 0; .long 1" : [n] "+{r0}"(n));
  }
out:
  return n;
}
