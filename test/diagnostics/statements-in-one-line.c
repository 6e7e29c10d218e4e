// The variable is that of the statement, not the first of the line.
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// CHECK:     statements-in-one-line.c:{{[0-9]+}}:{{.*}}error: `v` may be null here
// CHECK-NOT: error:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, long); } counts SEC(".maps");

SEC("xdp") int prog(void *ctx) {
  int key = 0; long *v = bpf_map_lookup_elem(&counts, &key);
  *v += 1;
  return 0;
}
