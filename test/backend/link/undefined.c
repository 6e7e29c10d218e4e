// What nothing defines is reported where each file uses it first; functions of
// the kernel and its settings stay undefined.
// RUN: rm -rf %t && mkdir %t && cp %s %t/use.c && cd %t
// RUN: bpfcc -c use.c -o a.o -DFIRST
// RUN: bpfcc -c use.c -o b.o -DSECOND
// RUN: not bpfcc a.o b.o -o c.o 2>&1 | FileCheck %s
// RUN: not ls c.o
// RUN: bpfcc -r a.o b.o -o c.o
// RUN: llvm-readelf -s c.o | FileCheck --check-prefix=PARTIAL %s
// RUN: bpfcc -target bpfeb -c use.c -o a.be.o -DFIRST
// RUN: not bpfcc a.be.o -o c.be.o 2>&1 | FileCheck --check-prefix=BIG %s

// CHECK: use.c:[[#@LINE+20]]:{{[0-9]+}}: error: `missing` is defined nowhere [BPF0706]
// CHECK-NEXT: | {{.*}}first use
// CHECK: = help: link the object or library that defines it
// CHECK: use.c:[[#@LINE+23]]:{{[0-9]+}}: error: `missing` is defined nowhere [BPF0706]
// CHECK: use.c:[[#@LINE+23]]:{{[0-9]+}}: error: `tabel` is defined nowhere [BPF0706]
// CHECK: = help: did you mean `table`?
// CHECK-NOT: error

// PARTIAL-DAG: UND missing
// PARTIAL-DAG: UND tabel
// BIG: use.c:[[#@LINE+10]]:{{[0-9]+}}: error: `missing` is defined nowhere [BPF0706]

#define SEC(Name) __attribute__((section(Name), used))
int missing(int x);
extern int LINUX_KERNEL_VERSION __attribute__((section(".kconfig")));
void bpf_rcu_read_lock(void) __attribute__((section(".ksyms")));
#ifdef FIRST
int table[4];
SEC("xdp") int prog(int *ctx) {
  bpf_rcu_read_lock();
  return missing(LINUX_KERNEL_VERSION) + // first use
         missing(4);
}
#else
extern int tabel[4];
SEC("xdp") int second(int *ctx) {
  return missing(5) +
         tabel[2];
}
#endif
