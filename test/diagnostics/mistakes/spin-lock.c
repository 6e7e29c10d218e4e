// A lock that one path keeps.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     spin-lock.c:26:{{([0-9]+:)?}} error: the end of the program is reached with a spin lock held
// CHECK:     help: unlock on every path
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct value { struct bpf_spin_lock lock; int count; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, int); __type(value, struct value); } values SEC(".maps");

SEC("tc") int prog(struct __sk_buff *skb) {
  int key = 1;
  struct value *v = bpf_map_lookup_elem(&values, &key);
  if (!v)
    return 0;
  bpf_spin_lock(&v->lock);
  v->count++;
#ifdef FIXED
  bpf_spin_unlock(&v->lock);
#endif
  return 0;
}
