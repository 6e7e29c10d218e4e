// A misspelt member of a map definition.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     map-member.c:19:{{([0-9]+:)?}} error: map `hits`: loaders do not know its member `vaule` [BPF0501
// CHECK:     help: did you mean `value`?
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, int);
#ifdef FIXED
  __type(value, long);
#else
  __type(vaule, long);
#endif
} hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = 0;
  return bpf_map_lookup_elem(&hits, &key) ? XDP_PASS : XDP_DROP;
}
