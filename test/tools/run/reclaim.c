// What a program deletes is freed when its run ends: 20,000 runs that delete
// 128 KiB each stay below 1.6 GB.
// RUN: bpfcc -c %s -o %t.o
// RUN: bash -c "ulimit -v 1600000; bpfcc run %t.o --data 0000 --repeat 20000" | FileCheck %s
// CHECK: 20000 runs
// CHECK: map elements (hash): 0 of 4 elements
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct big {
  char bytes[131072];
};
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, struct big);
} elements SEC(".maps");
const struct big zero = {};

SEC("xdp") int churn(struct xdp_md *ctx) {
  __u32 key = 1;
  bpf_map_update_elem(&elements, &key, &zero, BPF_ANY);
  return bpf_map_delete_elem(&elements, &key);
}
