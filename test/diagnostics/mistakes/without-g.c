// No -g: BTF is written all the same. What clang made without has no maps that
// could be read, which is said with what to do.
// RUN: bpfcc -Werror=verify -c %s -o %t.o 2>&1 | count 0
// RUN: bpfcc check %t.o | FileCheck %s
// RUN: llvm-objcopy -R .BTF -R .BTF.ext -R .rel.BTF -R .rel.BTF.ext %t.o %t.bare.o
// RUN: not bpfcc check %t.bare.o 2>&1 | FileCheck %s --check-prefix=BARE

// CHECK: prog {{.*}}accepted

// BARE:     error: not a usable BPF object: section `.maps` has no description in .BTF
// BARE:     help: compile with -g
// BARE-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  __u32 first = 0;
  __u64 *v = bpf_map_lookup_elem(&hits, &first);
  return v && *v ? XDP_PASS : XDP_DROP;
}
