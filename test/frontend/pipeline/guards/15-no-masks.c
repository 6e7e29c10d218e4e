// Class 15: a byte that was loaded is not masked, also where ways meet.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// CHECK-NOT: 0xff
// CHECK:     exit
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("xdp") int program(struct xdp_md *Ctx) {
  unsigned char *End = (void *)(long)Ctx->data_end;
  unsigned char *P = (void *)(long)Ctx->data;
  if (P + 8 > End)
    return 1;
  unsigned char Kind = P[0] == 4 ? P[1] : P[2];
  long Length = Kind;
  if (Kind > 9)
    Length += P[3];
  return Length;
}
