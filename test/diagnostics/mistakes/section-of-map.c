// A map in a section that is none.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     section-of-map.c:17:{{([0-9]+:)?}} error: section `.map` means nothing to loaders [BPF0120
// CHECK:     help: did you mean `.maps`?
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef FIXED
#define MAPS ".maps"
#else
#define MAPS ".map"
#endif
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(MAPS);

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = 0;
  return bpf_map_lookup_elem(&hits, &key) ? XDP_PASS : XDP_DROP;
}
