// RUN: not bpfcc -DA='".frob 1"' -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=A
// A: module-asm-errors.c{{.*}}: error: inline assembly: the directive `.frob` is not known in `.frob 1` [BPF0609]
// RUN: not bpfcc -DA='".data; .byte somewhere"' -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=B
// B: an address needs 4 or 8 bytes in `.byte somewhere`
// RUN: not bpfcc -DA='"goto nowhere"' -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=C
// C: no label `nowhere` in this section in `goto nowhere`
asm(A);
