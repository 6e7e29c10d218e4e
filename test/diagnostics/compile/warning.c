// Compiling says what kernels would say; the object is written all the same.
// RUN: bpfcc %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -c %s -o %t.c.o 2>&1 | FileCheck %s
// RUN: cmp %t.o %t.c.o
// RUN: bpfcc -Wall -Werror -c %s -o %t.o 2>&1 | FileCheck %s

// CHECK:      {{^}}{{.*}}warning.c:37:6: warning: `v` may be null here (`prog`, Linux 6.12) [BPF0301,-Wverify]
// CHECK-NEXT:    37 |   *v += 1;
// CHECK-NEXT:       |      ^
// CHECK-NEXT:   = help: add `if (!v) return 0;` before
// CHECK-NEXT: {{^}}{{.*}}warning.c:36:13: note: (1) the value comes from here
// CHECK-NEXT:    36 |   long *v = bpf_map_lookup_elem(&hits, &key);
// CHECK-NEXT:       |             ^
// CHECK-NOT:  {{.}}

// RUN: rm -f %t.none.o
// RUN: not bpfcc -Werror=verify -c %s -o %t.none.o 2>&1 | FileCheck %s --check-prefix=ERROR
// RUN: not test -e %t.none.o
// ERROR: warning.c:37:6: error: `v` may be null here (`prog`, Linux 6.12) [BPF0301,-Werror,-Wverify]

// The last option counts; -w is for these warnings, too.
// RUN: bpfcc -Werror=verify -Wno-error=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -Wno-verify -c %s -o %t.o 2>&1 | count 0
// RUN: bpfcc -w -c %s -o %t.o 2>&1 | count 0
// RUN: bpfcc -Wno-verify -Wverify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -S %s -o %t.s 2>&1 | count 0
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = 1;
  // `v` is not compared with null.
  long *v = bpf_map_lookup_elem(&hits, &key);
  *v += 1;
  return XDP_PASS;
}
