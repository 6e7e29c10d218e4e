# Helper 5 of the suite returns what it gets; 0 ends the program, with r0 = 0.
#
# RUN: clang -target bpfel -c %s -o %t.o
# RUN: %S/Inputs/plugin %t.o > %t.out
# RUN: FileCheck %s --input-file=%t.out
# CHECK: {{^}}0{{$}}
# CHECK-NOT: {{.}}
# RUN: %S/Inputs/plugin %t.o 00 > %t.on
# RUN: FileCheck %s --input-file=%t.on --check-prefix=ON
# ON: {{^}}12{{$}}
# ON-NOT: {{.}}

.globl main
.type main, @function
main:
  r1 = r2
  call 5
  r0 += 0x11
  exit
.size main, .-main
