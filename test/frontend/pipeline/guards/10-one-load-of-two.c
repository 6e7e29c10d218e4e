// Class 10: a load of a map value and one of the context do not become one.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: %unguarded ContextAccessPass v3 %s %t.off.o
// RUN: %verdict rejected %t.off.o "same insn cannot be used with different pointers"
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, unsigned[16]);
} Map SEC(".maps");

// CHECK-COUNT-2: *(u32 *)(r{{[0-9]}} + 0x8)
// OFF:           *(u32 *)(r{{[0-9]}} + 0x8)
// OFF-NOT:       *(u32 *)(r{{[0-9]}} + 0x8)
SEC("socket") int program(struct __sk_buff *Ctx) {
  int Key = 0;
  unsigned *V = bpf_map_lookup_elem(&Map, &Key);
  if (!V)
    return 0;
  unsigned R = Ctx->len > 100 ? V[2] : Ctx->mark;
  return R * 3 + 5;
}
