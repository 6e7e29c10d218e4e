// Classes 2 and 3: five values live across calls. The value that was compared
// is the one that is used, and goes to the stack and back in 64 bits, after the
// compare and so with its bound.
// RUN: bpfcc -mcpu=v2 -c %s -o %t.2.o && %verdict accepted %t.2.o
// RUN: bpfcc -mcpu=v4 -c %s -o %t.4.o
// RUN: %if bpf-v4 %{ %verdict accepted %t.4.o %}
// RUN: bpfcc dump %t.2.o | FileCheck %s
// RUN: bpfcc dump %t.4.o | FileCheck %s
// RUN: clang-22 -g -O2 -target bpf -mcpu=v2 -idirafter /usr/include/x86_64-linux-gnu -c %s -o %t.clang.o
// RUN: %verdict rejected %t.clang.o "unbounded memory access"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, char[4096]);
} Map SEC(".maps");

// CHECK:     if r{{[01]}} > 0x384
// CHECK:     *(u64 *)(r10 - 0x{{[0-9a-f]+}}) = r{{[01]}}
// CHECK:     r{{[0-9]}} = *(u64 *)(r10 -
// CHECK-NOT: = *(u32 *)(r10
SEC("socket") int program(struct __sk_buff *Ctx) {
  int Key = 0;
  char *V = bpf_map_lookup_elem(&Map, &Key);
  if (!V)
    return 0;
  unsigned long A = bpf_get_prandom_u32(), B = bpf_get_prandom_u32();
  unsigned long C = bpf_get_prandom_u32(), D = bpf_get_prandom_u32();
  if (A > 900 || B > 900 || C > 900 || D > 900)
    return 0;
  bpf_get_prandom_u32();
  V[A] = 1;
  bpf_get_prandom_u32();
  V[B] = 2;
  bpf_get_prandom_u32();
  V[C] = 3;
  bpf_get_prandom_u32();
  V[A + B + C + D] = 4;
  return 0;
}
