// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED
// RUN: not bpfcc check -mkernel=5.10 %t.fixed.o 2>&1 | FileCheck %s --check-prefix=OLD

// CHECK:     helper-for-type.c:21:{{[0-9]+}}: error: `bpf_skb_store_bytes` cannot be called by programs of type XDP {{.*}} [BPF0106]
// CHECK-NOT: error:

// FIXED: accepted

// OLD: helper-for-type.c:19:{{[0-9]+}}: error: `bpf_xdp_store_bytes` is not in Linux 5.10; it came with 5.18 {{.*}} [BPF0105]
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int prog(struct xdp_md *ctx) {
  char byte = 1;
#ifdef FIXED
  bpf_xdp_store_bytes(ctx, 0, &byte, 1);
#else
  bpf_skb_store_bytes((void *)ctx, 0, &byte, 1, 0);
#endif
  return XDP_PASS;
}
