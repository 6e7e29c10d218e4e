# r0 is printed with all its 64 bits.
#
# RUN: clang -target bpfel -c %s -o %t.o
# RUN: %S/Inputs/plugin %t.o > %t.out
# RUN: FileCheck %s --input-file=%t.out
# CHECK: {{^}}fedcba9876543210{{$}}
# CHECK-NOT: {{.}}

.globl main
.type main, @function
main:
  r0 = 0xfedcba9876543210 ll
  exit
.size main, .-main
