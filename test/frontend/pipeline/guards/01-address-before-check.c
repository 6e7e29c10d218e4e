// Class 1: LLVM computes an address above the check of its index.
// GuardIndexesPass keeps it below, whatever the index comes from.
// RUN: bpfcc -mcpu=v2 -c %s -o %t.2.o && %verdict accepted %t.2.o
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.2.o | FileCheck %s
// RUN: %unguarded GuardIndexesPass v2 %s %t.off.o
// RUN: %verdict rejected %t.off.o "unbounded memory access"
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, int[16]);
} Map SEC(".maps");

static __always_inline int set(int *V, unsigned I) {
  int *P = V;
  if (I < 16)
    P = V + I;
  bpf_get_prandom_u32();
  *P = 3;
  return 1;
}
// CHECK-LABEL: socket: phi
// CHECK:       if r{{[0-9]}} {{>|>=}} 0x{{f|10}}
// CHECK:       <<= 0x2
// OFF-LABEL:   socket: phi
// OFF:         <<= 0x2
// OFF:         if r{{[0-9]}} < 0x10
SEC("socket") int phi(struct __sk_buff *Ctx) {
  int Key = 0, *V = bpf_map_lookup_elem(&Map, &Key);
  if (!V)
    return 0;
  unsigned I = V[3];
  if (Ctx->mark == 5)
    I = bpf_get_prandom_u32();
  return set(V, I);
}
SEC("socket") int arithmetic(struct __sk_buff *Ctx) {
  int Key = 0, *V = bpf_map_lookup_elem(&Map, &Key);
  return V ? set(V, Ctx->mark * 3 + Ctx->len) : 0;
}
static __attribute__((noinline)) int called(int *V, unsigned I) {
  return set(V, I);
}
SEC("socket") int argument(struct __sk_buff *Ctx) {
  int Key = 0, *V = bpf_map_lookup_elem(&Map, &Key);
  return V ? called(V, Ctx->len) : 0;
}
