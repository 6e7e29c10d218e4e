// Class 5: the context is read after a call, far from the choice of the field.
// RUN: bpfcc -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: %unguarded ContextAccessPass v3 %s %t.off.o
// RUN: %verdict rejected %t.off.o "dereference of modified ctx ptr"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
// CHECK-LABEL: socket: nested
// CHECK:       call bpf_get_prandom_u32
// CHECK-NOT:   +=
// CHECK-DAG:   *(u32 *)(r7 + 0x30)
// CHECK-DAG:   *(u32 *)(r7 + 0x3c)
// CHECK-DAG:   *(u32 *)(r7 + 0x44)
SEC("socket") int nested(struct __sk_buff *Ctx) {
  unsigned *P = Ctx->len > 100    ? &Ctx->cb[0]
                : Ctx->mark == 7 ? &Ctx->cb[3]
                                 : &Ctx->hash;
  unsigned X = bpf_get_prandom_u32();
  return *P ^ X;
}
// CHECK-LABEL: socket: cases
SEC("socket") int cases(struct __sk_buff *Ctx) {
  unsigned *P;
  switch (Ctx->len) {
  case 1:
    P = &Ctx->cb[0];
    bpf_get_smp_processor_id();
    break;
  case 90:
    P = &Ctx->cb[1];
    break;
  case 6:
  case 700:
    P = &Ctx->mark;
    break;
  default:
    P = &Ctx->hash;
  }
  unsigned X = bpf_get_prandom_u32();
  return *P ^ X;
}
