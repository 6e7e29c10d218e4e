// One object with a row for each program and kernel, and what was found.
// RUN: bpfcc -c -Wno-verify %s -o %t.o
// RUN: not bpfcc check --format=json %t.o | %python -c "import json,sys; d=json.load(sys.stdin); p,=d['programs']; f,=d['findings']; s,=f['path']; print(p['program'], p['kernel'], p['verdict'], f['code'], f['line'], s['line'])" | FileCheck %s --match-full-lines

// CHECK: one 6.12 rejected BPF0301 14 13
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

SEC("xdp") int one(struct xdp_md *ctx) {
  int key = 1;
  long *v = bpf_map_lookup_elem(&hits, &key);
  *v += 1;
  return XDP_PASS;
}
