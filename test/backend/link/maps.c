// A map that two files define is one, if they say the same of it; so is a
// map that others declare.
// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -c %s -o %t/a.o -DNAME=first -DSIZE=8
// RUN: bpfcc -c %s -o %t/b.o -DNAME=second -DSIZE=8
// RUN: bpfcc -c %s -o %t/c.o -DNAME=third -DSIZE=16
// RUN: bpfcc -c %s -o %t/d.o -DNAME=fourth -DSIZE=8 -DEXTERN=extern
// RUN: bpfcc %t/a.o %t/b.o %t/d.o -o %t/ok.o
// RUN: bpfcc run %t/ok.o --prog first --data 00 | FileCheck %s
// RUN: llvm-readelf -S %t/ok.o | FileCheck --check-prefix=SIZE %s
// RUN: not bpfcc %t/a.o %t/c.o -o %t/bad.o 2>&1 | FileCheck --check-prefix=DIFFER %s
// RUN: bpfcc -target bpfeb -c %s -o %t/a.be.o -DNAME=first -DSIZE=8
// RUN: bpfcc -target bpfeb -c %s -o %t/b.be.o -DNAME=second -DSIZE=8
// RUN: bpfcc %t/a.be.o %t/b.be.o -o %t/ok.be.o
// RUN: bpfcc run %t/ok.be.o --prog second --data 00 | FileCheck %s
// RUN: not bpfcc %t/a.o %t/b.be.o -o %t/bad.o 2>&1 | FileCheck --check-prefix=ORDER %s

// CHECK: map counts (array): 8 of 8
// CHECK: [0] 5
// SIZE: .maps PROGBITS {{[0-9a-f]+ [0-9a-f]+}} 000020
// DIFFER: c.o: error: map `counts` is declared in two ways: `max_entries` is 16 here and 8 there [BPF0710]
// DIFFER: a.o: note: `counts` is defined here [BPF0708]
// ORDER: b.be.o: error: this is big-endian, `{{.*}}a.o` is little-endian [BPF0705]

#define SEC(Name) __attribute__((section(Name), used))
#ifndef EXTERN
#define EXTERN
#endif
EXTERN struct {
  int (*type)[2];
  int (*max_entries)[SIZE];
  unsigned *key;
  long *value;
} counts
#ifndef FOURTH
SEC(".maps")
#endif
;
static void *(*lookup)(void *Map, const void *Key) = (void *)1;
SEC("xdp") int NAME(void *ctx) {
  unsigned Key = 0;
  long *Value = lookup(&counts, &Key);
  if (Value)
    *Value += 5;
  return 2;
}
