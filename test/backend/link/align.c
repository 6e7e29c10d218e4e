// Parts of a section lie as their alignment asks; what is not initialised
// follows what is.
// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -c %s -o %t/a.o -DTYPE=char -DNAME=a
// RUN: bpfcc -c %s -o %t/b.o -DTYPE=long -DNAME=b
// RUN: bpfcc %t/a.o %t/b.o -o %t/c.o
// RUN: llvm-readelf -S -s %t/c.o | FileCheck %s
// RUN: bpftool btf dump file %t/c.o | FileCheck --check-prefix=BTF %s
// CHECK: .data PROGBITS {{[0-9a-f]+ [0-9a-f]+}} 000010 00 WA 0 0 8
// CHECK: .bss NOBITS {{[0-9a-f]+ [0-9a-f]+}} 000010 00 WA 0 0 8
// CHECK-DAG: 0000000000000000 1 OBJECT GLOBAL DEFAULT {{[0-9]+}} a_set
// CHECK-DAG: 0000000000000008 8 OBJECT GLOBAL DEFAULT {{[0-9]+}} b_set
// CHECK-DAG: 0000000000000008 8 OBJECT GLOBAL DEFAULT {{[0-9]+}} b_zero
// BTF: DATASEC '.data' size=16 vlen=2
// BTF-NEXT: offset=0 size=1 (VAR 'a_set')
// BTF-NEXT: offset=8 size=8 (VAR 'b_set')

#define JOIN_(A, B) A##B
#define JOIN(A, B) JOIN_(A, B)
TYPE JOIN(NAME, _set) = 1;
TYPE JOIN(NAME, _zero);
