# The bytes of the first argument are where r1 points to, r2 is their number;
# there may be spaces between them, and they may be written to.
#
# RUN: clang -target bpfel -c %s -o %t.o
# RUN: %S/Inputs/plugin %t.o "01  02  03  04  " > %t.out
# RUN: FileCheck %s --input-file=%t.out
# CHECK: {{^}}403022a{{$}}
# CHECK-NOT: {{.}}
# RUN: %S/Inputs/plugin %t.o 01020304aa > %t.outside
# RUN: FileCheck %s --input-file=%t.outside --check-prefix=OUTSIDE
# OUTSIDE: cannot read 4 bytes at memory+2 (instruction 6:
# OUTSIDE-NOT: error
# RUN: %S/Inputs/plugin %t.o "" > %t.none
# RUN: FileCheck %s --input-file=%t.none --check-prefix=NONE
# NONE: {{^}}0{{$}}
# NONE-NOT: {{.}}

.globl main
.type main, @function
main:
  r0 = r1
  if r2 == 0 goto end
  if r2 == 5 goto outside
  *(u8 *)(r1 + 0) = 0x2a
  r0 = *(u32 *)(r1 + 0)
end:
  exit
outside:
  r0 = *(u32 *)(r1 + 2)
  exit
.size main, .-main
