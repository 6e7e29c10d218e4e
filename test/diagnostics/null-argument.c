// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     null-argument.c:{{[0-9]+}}:{{.*}}error: `v` may be null here
// CHECK:     help: add `if (!v) return 0;` before
// CHECK-NOT: error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";
struct text { char bytes[32]; };
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct text); } rooms SEC(".maps");

SEC("raw_tp/x") int prog(void *ctx) {
  int key = 0;
  struct text *v = bpf_map_lookup_elem(&rooms, &key);
#ifdef FIXED
  if (!v)
    return 0;
#endif
  bpf_get_current_comm(v, sizeof(*v));
  return 0;
}
