// Class 8: an error code by sign is a branch, not `s>>= 63; &= -134`, after which
// kernels before 6.18 follow a way on which it is positive.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// CHECK:     if {{[rw][0-9]}} s{{<|>}}
// CHECK-NOT: s>>=
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, int[16]);
} Map SEC(".maps");

SEC("socket") int program(struct __sk_buff *Ctx) {
  int Key = 0;
  int *V = bpf_map_lookup_elem(&Map, &Key);
  if (!V)
    return 0;
  long Error = (long)bpf_skb_load_bytes(Ctx, 0, V, 8) < 0 ? -134 : 0;
  bpf_get_smp_processor_id();
  if (Error > 0)
    return V[1000];
  return V[0] + Error;
}
