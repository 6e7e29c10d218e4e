// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     endless-loop.c:{{(17|18|19|20|21)}}:{{.*}}error: {{(this loop comes back here with nothing changed|after 1000000 instructions)}}
// CHECK-NOT: error:
// CHECK:     rejected

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int prog(struct xdp_md *ctx) {
  volatile int go = 1;
#ifdef FIXED
  for (int i = 0; go && i < 100; ++i)
#else
  while (go)
#endif
    go = bpf_get_prandom_u32();
  return XDP_PASS;
}
