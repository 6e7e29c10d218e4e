# Functions of bytecode start where calls lead.
#
# RUN: clang -target bpfel -c %s -o %t.o
# RUN: %S/Inputs/plugin %t.o > %t.out
# RUN: FileCheck %s --input-file=%t.out
# CHECK: {{^}}0{{$}}
# CHECK-NOT: {{.}}
# RUN: %S/Inputs/plugin %t.o 05 > %t.deep
# RUN: FileCheck %s --input-file=%t.deep --check-prefix=DEEP
# DEEP: {{^}}69{{$}}
# DEEP-NOT: {{.}}
# RUN: %S/Inputs/plugin %t.o 00 > %t.fault
# RUN: FileCheck %s --input-file=%t.fault --check-prefix=FAULT
# FAULT: error: in `main+7`: cannot read 8 bytes at the null page (instruction 1:
# FAULT-NOT: error:

.globl main
.type main, @function
main:
  r0 = 0
  if r2 == 0 goto +4
  r6 = 100
  r1 = *(u8 *)(r1 + 0)
  .byte 0x85, 0x10, 0, 0; .long 2 # call pc+2
  r0 += r6
  exit
  if r1 != 0 goto +2
  r0 = *(u64 *)(r1 + 0)
  exit
  r6 = r1
  .byte 0x85, 0x10, 0, 0; .long 1 # call pc+1
  exit
  r0 = r1
  exit
.size main, .-main
