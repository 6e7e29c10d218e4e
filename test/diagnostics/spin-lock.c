// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     spin-lock.c:{{[0-9]+}}:{{.*}}error: the end of the program is reached with a spin lock held
// CHECK:     help: unlock on every path
// CHECK-NOT: error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct value { struct bpf_spin_lock lock; int count; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, int); __type(value, struct value); } values SEC(".maps");

SEC("tc") int prog(struct __sk_buff *skb) {
  int key = 1;
  struct value *v = bpf_map_lookup_elem(&values, &key);
  if (!v)
    return 0;
  bpf_spin_lock(&v->lock);
  if (v->count > 100) {
#ifdef FIXED
    bpf_spin_unlock(&v->lock);
#endif
    return 0;
  }
  v->count++;
  bpf_spin_unlock(&v->lock);
  return 0;
}
