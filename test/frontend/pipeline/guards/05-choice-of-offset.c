// Class 5: LLVM makes one load of the context at a chosen offset of many loads.
// ContextAccessPass makes a load for each choice, in one or many ways.
// RUN: bpfcc -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: %unguarded ContextAccessPass v3 %s %t.off.o
// RUN: %verdict rejected %t.off.o "dereference of modified ctx ptr"
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
// CHECK-LABEL: socket: two
// CHECK-NOT:   r1 +=
// OFF-LABEL:   socket: two
// OFF:         r1 += r
SEC("socket") int two(struct __sk_buff *Ctx) {
  return Ctx->len > 100 ? Ctx->mark : Ctx->hash;
}
// CHECK-LABEL: socket: six
// CHECK-NOT:   r1 +=
// OFF-LABEL:   socket: six
// OFF:         r1 += r
SEC("socket") int six(struct __sk_buff *Ctx) {
  switch (Ctx->len) {
  case 1:
    return Ctx->mark;
  case 20:
    return Ctx->hash;
  case 300:
    return Ctx->priority;
  case 4000:
    return Ctx->ifindex;
  case 50000:
    return Ctx->queue_mapping;
  default:
    return Ctx->protocol;
  }
}
