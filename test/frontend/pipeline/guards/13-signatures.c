// Class 13: structures as results and arguments, seven arguments, signed division.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: not clang-22 -g -O2 -target bpf -mcpu=v3 -idirafter /usr/include/x86_64-linux-gnu -c %s -o %t.clang.o 2>&1 | FileCheck %s --check-prefix=CLANG
// CLANG: aggregate returns are not supported
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct triple {
  long A, B, C;
};
static __attribute__((noinline)) struct triple make(long X) {
  struct triple S = {X, X + bpf_get_prandom_u32(), 3};
  return S;
}
static __attribute__((noinline)) long take(struct triple S) {
  return S.A + S.B * S.C + bpf_get_prandom_u32();
}
static __attribute__((noinline)) long many(long A, long B, long C, long D,
                                           long E, long F, long G) {
  return A + 2 * B + 3 * C + 4 * D + 5 * E + 6 * F + 7 * G +
         bpf_get_prandom_u32();
}
// CHECK: socket: result
SEC("socket") int result(struct __sk_buff *Ctx) {
  struct triple S = make(Ctx->len);
  return S.A + S.B;
}
// CHECK: socket: argument
SEC("socket") int argument(struct __sk_buff *Ctx) {
  struct triple S = {Ctx->len, Ctx->mark, Ctx->hash};
  return take(S);
}
// CHECK: socket: seven
SEC("socket") int seven(struct __sk_buff *Ctx) {
  return many(Ctx->len, Ctx->mark, Ctx->hash, Ctx->ifindex, Ctx->tc_index,
              Ctx->priority, Ctx->protocol);
}
// CHECK-LABEL: socket: divide
// CHECK-NOT:   s/
SEC("socket") int divide(struct __sk_buff *Ctx) {
  return (int)Ctx->len / (int)Ctx->mark;
}
