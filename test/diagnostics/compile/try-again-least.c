// Where other passes are at fault, those of -O0 are left; a program that is refused in any
// case keeps the code that it had, and its message.
// RUN: bpfcc -Rpass=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s --check-prefix=VERDICT
// RUN: bpfcc -Wno-verify -c %s -o %t.fast.o
// RUN: bpfcc dump --section=tc %t.o > %t.tc
// RUN: bpfcc dump --section=tc %t.fast.o | diff - %t.tc
// -O0 has nothing to do without, and what comes by a pipe cannot be read again.
// RUN: bpfcc -O0 -Rpass=verify -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: bpfcc -x c -I %root -Rpass=verify -c - -o %t.o < %s 2>&1 | FileCheck %s --check-prefix=NONE

// CHECK: try-again-least.c:[[#@LINE+32]]:{{[0-9]+}}: note: `shifted` is compiled with the passes of -O0 alone; Linux 6.12 refuses what all passes make of it: the offset into the value of map `tables` has no upper bound (it is -64 to 56) [BPF0391,-Rpass=verify]
// CHECK: try-again-least.c:[[#@LINE+38]]:{{[0-9]+}}: warning: {{.*}} (`unchecked`, Linux 6.12) [BPF0303,-Wverify]

// VERDICT: shifted {{ *}}6.12 {{ *}}accepted
// VERDICT: unchecked {{ *}}6.12 {{ *}}rejected

// NONE-NOT: BPF0391
// NONE: (`unchecked`, Linux 6.12) [BPF0303,-Wverify]
// NONE-NOT: BPF0391
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

SEC("xdp") int shifted(struct xdp_md *ctx) {
  struct table *t = get();
  int i = bpf_get_prandom_u32();
  if (!t || i < -8 || i > 7)
    return 0;
  return t->t[i + 8];
}

SEC("tc") int unchecked(struct __sk_buff *skb) {
  struct table *t = get();
  if (!t)
    return 0;
  return t->t[skb->len];
}
