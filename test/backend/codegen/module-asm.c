// Assembly text at file scope: sections, symbols, relocations, and what it
// gives inline assembly.
// RUN: bpfcc -target bpfel -O2 -c %s -o %t.o
// RUN: llvm-objdump -dr --no-show-raw-insn -s -j .data.table %t.o | FileCheck %s
// RUN: llvm-objdump -dr --no-show-raw-insn %t.o | FileCheck %s --check-prefix=CODE
// RUN: llvm-readelf -s %t.o | FileCheck %s --check-prefix=SYMBOLS

asm(".set answer, 42\n"
    ".macro load reg; \\reg = answer; .endm\n"
    ".globl twice; .type twice, @function\n"
    "twice: r0 = r1; r0 += r1; .Lend: exit; .size twice, . - twice\n"
    ".section .data.table,\"aw\",@progbits; .p2align 3; .globl table\n"
    ".type table, @object\n"
    "table: .quad other + 8; .long 1f - table, 7; .asciz \"hello\"\n"
    "1: .size table, . - table\n"
    ".text; .globl also; .set also, start\n");
extern long other, table[3];
long twice(long);

// CHECK: Contents of section .data.table:
// CHECK-NEXT: 0000 08000000 00000000 16000000 07000000
// CHECK-NEXT: 0010 68656c6c 6f00
// SYMBOLS-DAG: 24 FUNC GLOBAL DEFAULT {{[0-9]+}} twice
// SYMBOLS-DAG: 22 OBJECT GLOBAL DEFAULT {{[0-9]+}} table
// SYMBOLS-DAG: FUNC GLOBAL DEFAULT {{[0-9]+}} also
// CODE-LABEL: <start>:
// CODE: r{{[1-9]}} = 0x2a
// CODE: call -0x1
// CODE-NEXT: R_BPF_64_32 twice
// CODE-LABEL: <twice>:
// CODE-NEXT: r0 = r1
__attribute__((section("socket"))) int start(void *ctx) {
  long x;
  asm volatile("load %[x]" : [x] "=r"(x));
  return twice(x) + table[0];
}
