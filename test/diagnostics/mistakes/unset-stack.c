// A structure is handed over that is not all set, with its padding.
// RUN: not bpfcc -mkernel=5.15 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=5.15 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     unset-stack.c:23:{{([0-9]+:)?}} error: stack at offset {{.*}} is handed to a helper and was not written
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct key { char kind; long number; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, struct key); __type(value, long); } hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
#ifdef FIXED
  struct key key;
  __builtin_memset(&key, 0, sizeof(key));
#else
  struct key key;
#endif
  key.kind = 1;
  key.number = ctx->rx_queue_index;
  return bpf_map_lookup_elem(&hits, &key) ? XDP_PASS : XDP_DROP;
}
