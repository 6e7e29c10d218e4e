// A helper is called with a lock held.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     helper-under-lock.c:27:{{([0-9]+:)?}} error: {{.*}}lock{{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

struct value { struct bpf_spin_lock lock; long time; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, int); __type(value, struct value); } values SEC(".maps");

SEC("tc") int prog(struct __sk_buff *skb) {
  int key = 1;
  struct value *v = bpf_map_lookup_elem(&values, &key);
  if (!v)
    return 0;
#ifdef FIXED
  long now = bpf_ktime_get_ns();
  bpf_spin_lock(&v->lock);
  v->time = now;
#else
  bpf_spin_lock(&v->lock);
  v->time = bpf_ktime_get_ns();
#endif
  bpf_spin_unlock(&v->lock);
  return 0;
}
