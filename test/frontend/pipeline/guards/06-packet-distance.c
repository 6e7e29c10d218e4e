// Class 6: LLVM computes `(data_end - 14) - data`. DistancesPass takes the
// distance of the two pointers first.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: %unguarded DistancesPass v3 %s %t.off.o
// RUN: %verdict rejected %t.off.o "pointer arithmetic prohibited"
// RUN: %unguarded DistancesPass v2 %s %t.off2.o
// RUN: %verdict rejected %t.off2.o "pointer arithmetic on pkt_end prohibited"
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
// CHECK:     w2 -= w1
// CHECK:     w2 +=
// OFF:       w2 +=
// OFF:       w2 -= w1
SEC("xdp") int program(struct xdp_md *Ctx) {
  void *End = (void *)(long)Ctx->data_end;
  void *Data = (void *)(long)Ctx->data;
  unsigned Length = End - Data;
  Length -= 14;
  return Length > 100;
}
