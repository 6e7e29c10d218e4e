// What a kernel refuses for what the optimiser made of it is made again with less of
// that, which -Rpass=verify tells. The address of `t[i]` would serve `t[i + 1]` too, and
// have no bounds.
// RUN: bpfcc -c %s -o %t.o -Werror=verify 2>&1 | count 0
// RUN: bpfcc check -mkernel=5.15,6.1,6.12 %t.o
// RUN: bpfcc -Rpass=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -Rpass=inline -c %s -o %t.o 2>&1 | count 0
// It is so where it is linked, and gives the same code.
// RUN: bpfcc -Rpass=verify %s -o %t.linked.o 2>&1 | FileCheck %s
// RUN: bpfcc dump %t.o > %t.txt
// RUN: bpfcc dump %t.linked.o | diff - %t.txt
// What was accepted keeps its code, as it is where nothing is verified.
// RUN: bpfcc -Wno-verify -c %s -o %t.fast.o
// RUN: bpfcc dump --section=tc %t.o > %t.tc
// RUN: bpfcc dump --section=tc %t.fast.o | diff - %t.tc
// RUN: not bpfcc check %t.fast.o 2>&1 | FileCheck %s --check-prefix=FAST

// CHECK: try-again.c:[[#@LINE+32]]:{{[0-9]+}}: note: `twice` is compiled without passes that move code across branches; Linux 6.12 refuses what all passes make of it: the offset may be as large as 512, and an access of 8 bytes there ends behind the value of map `tables`, which has 512 bytes [BPF0391,-Rpass=verify]
// CHECK-NOT: {{warning|error|note}}:

// FAST: twice {{ *}}6.12 {{ *}}rejected
// FAST: plain {{ *}}6.12 {{ *}}accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct table {
  __u64 t[64];
};
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct table);
} tables SEC(".maps");

static struct table *get(void) {
  __u32 key = 0;
  return bpf_map_lookup_elem(&tables, &key);
}

SEC("xdp") int twice(struct xdp_md *ctx) {
  struct table *t = get();
  __u32 i = ctx->rx_queue_index;
  __u64 sum = 0;
  if (!t)
    return 0;
  if (i < 64)
    sum += t->t[i];
  if (i < 63)
    sum += t->t[i + 1];
  return sum;
}

SEC("tc") int plain(struct __sk_buff *skb) {
  struct table *t = get();
  __u64 sum = 0;
  if (!t)
    return 0;
  for (__u32 i = 0; i < 64; i++)
    if (skb->len > i)
      sum += t->t[i];
  return sum;
}
