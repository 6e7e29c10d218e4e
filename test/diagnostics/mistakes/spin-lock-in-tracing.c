// A spin lock in a program that may not use one.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     spin-lock-in-tracing.c:21:{{([0-9]+:)?}} error: programs of this type cannot use map `values`, whose values have a spin lock
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct value { struct bpf_spin_lock lock; int count; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, int); __type(value, struct value); } values SEC(".maps");

#ifdef FIXED
SEC("tc")
#else
SEC("kprobe/x")
#endif
int prog(void *ctx) {
  int key = 1;
  struct value *v = bpf_map_lookup_elem(&values, &key);
  if (!v)
    return 0;
  bpf_spin_lock(&v->lock);
  v->count++;
  bpf_spin_unlock(&v->lock);
  return 0;
}
