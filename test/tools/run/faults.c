// A fault stops the run at its source line.
// RUN: clang -target bpfel -O2 -g -c %s -o %t.o
// RUN: not bpfcc run %t.o --prog beyond --data 0000 2>&1 | FileCheck %s --check-prefix=BEYOND
// RUN: not bpfcc run %t.o --prog endless --data 0000 --max-insns 1000 2>&1 | FileCheck %s --check-prefix=ENDLESS
// RUN: not bpfcc run %t.o --prog null --data 0000 2>&1 | FileCheck %s --check-prefix=NULL

struct xdp_md {
  unsigned data, data_end;
};
__attribute__((section("xdp"), used)) int beyond(struct xdp_md *ctx) {
  // BEYOND: faults.c:[[@LINE+1]]: error: in `beyond`: cannot read 1 byte at packet offset 2, the packet has 2 bytes {{.*}}, on packet 1 [BPF0801]
  return ((unsigned char *)(long)ctx->data)[2];
}
__attribute__((section("xdp"), used)) int endless(struct xdp_md *ctx) {
  // ENDLESS: error: in `endless`: still running after 1000 instructions
  for (volatile int i = 0;; i++)
    ;
}
__attribute__((section("xdp"), used)) int null(struct xdp_md *ctx) {
  // NULL: faults.c:[[@LINE+1]]: error: in `null`: cannot read 4 bytes at the null page
  return *(volatile int *)8;
}
