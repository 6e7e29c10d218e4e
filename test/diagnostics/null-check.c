// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s --match-full-lines
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:      {{.*}}null-check.c:26:{{[0-9]+}}: error: `v` may be null here (`prog`, Linux 6.12) [BPF0301]
// CHECK:        = help: add `if (!v) return 0;` before
// CHECK-NEXT: {{.*}}null-check.c:21:13: note: (1) the value comes from here
// CHECK-NEXT:    21 |   long *v = bpf_map_lookup_elem(&hits, &key);
// CHECK-NOT:  error:
// CHECK:      prog {{ *}}6.12 {{ *}}rejected {{.*}}

// FIXED: prog {{ *}}6.12 {{ *}}accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = 1;
  long *v = bpf_map_lookup_elem(&hits, &key);
#ifdef FIXED
  if (!v)
    return 0;
#endif
  *v += 1;
  return XDP_PASS;
}
