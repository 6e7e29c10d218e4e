// Variables, which a loader sets by their names, stay what they are with -flto,
// and a map that two files describe is one.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: bpfcc -flto -DMAIN -c %s -o a.o && bpfcc -flto -c %s -o b.o
// RUN: bpfcc a.o b.o -o c.o && bpfcc dump c.o --btf --relocs | FileCheck %s
// RUN: llvm-readelf -s c.o | FileCheck --check-prefix=MAPS %s

// CHECK: prog
// CHECK: &level
// CHECK: int level
// CHECK: section .bss
// MAPS: OBJECT{{.*}} hits
// MAPS-NOT: hits

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} hits SEC(".maps");
int count(void);
#ifdef MAIN
int level;
SEC("xdp") int prog(struct xdp_md *ctx) {
  __u32 key = 1;
  bpf_map_lookup_elem(&hits, &key);
  return level ? count() : 0;
}
#else
int count(void) {
  __u32 key = 0;
  __u64 *v = bpf_map_lookup_elem(&hits, &key);
  return v ? *v : 0;
}
#endif
char _license[] SEC("license") = "GPL";
