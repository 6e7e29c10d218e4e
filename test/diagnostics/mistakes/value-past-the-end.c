// A value is read past its end.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     value-past-the-end.c:22:{{([0-9]+:)?}} error: 8 bytes at offset 8 of {{.*}}`hits`, which has 8 bytes
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

struct pair { long first, second; };

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = 1;
#ifdef FIXED
  long *p = bpf_map_lookup_elem(&hits, &key);
  return p && *p ? XDP_PASS : XDP_DROP;
#else
  struct pair *p = bpf_map_lookup_elem(&hits, &key);
  return p && p->second ? XDP_PASS : XDP_DROP;
#endif
}
