// Two strong definitions are reported with the lines of both.
// RUN: rm -rf %t && mkdir %t && cp %s %t/def.c && cd %t
// RUN: bpfcc -c def.c -o a.o -DFIRST
// RUN: bpfcc -c def.c -o b.o
// RUN: not bpfcc a.o b.o -o c.o 2>&1 | FileCheck %s
// RUN: not ls c.o

// CHECK: def.c:[[#@LINE+10]]:{{.*}}error: `twice` is defined twice [BPF0707]
// CHECK: def.c:[[#@LINE+7]]:{{.*}}note: `twice` is defined here [BPF0708]
// CHECK: b.o: error: `level` is defined twice [BPF0707]
// CHECK: a.o: note: `level` is defined here [BPF0708]
// CHECK-NOT: error

int level = 1;
#ifdef FIRST
int twice(int x) { return x * 2; }
#else
int twice(int x) { return x + x; }
#endif
