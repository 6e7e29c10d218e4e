// SARIF 2.1.0: a result with its place, its rule, and the way there as code flow.
// RUN: bpfcc -c -Wno-verify %s -o %t.o
// RUN: not bpfcc check --format=sarif %t.o | %python -c "import json,sys; d=json.load(sys.stdin); r=d['runs'][0]; x,=r['results']; at=lambda l: l['physicalLocation']['region']['startLine']; print(d['version'], r['tool']['driver']['name'], r['tool']['driver']['rules'][0]['id'], x['ruleId'], x['level'], at(x['locations'][0]), at(x['codeFlows'][0]['threadFlows'][0]['locations'][0]['location']))" | FileCheck %s --match-full-lines

// CHECK: 2.1.0 bpfcc BPF0301 BPF0301 error 14 13
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

SEC("xdp") int one(struct xdp_md *ctx) {
  int key = 1;
  long *v = bpf_map_lookup_elem(&hits, &key);
  *v += 1;
  return XDP_PASS;
}
