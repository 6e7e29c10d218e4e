// With -mkernel= those kernels are asked, the newest first; without it 6.12, and
// what only 5.15 refuses is a note.
// RUN: bpfcc -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=DEFAULT
// RUN: bpfcc -mkernel=6.12 -c %s -o %t.o 2>&1 | count 0
// RUN: bpfcc -mkernel=5.15,6.12 -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=BOTH
// RUN: not bpfcc -mkernel=5.15 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=OLD

// DEFAULT:     kernels.c:22:{{[0-9]+}}: note: Linux 5.15 refuses this: `bpf_xdp_load_bytes` is not in Linux 5.15; it came with 5.18 (`prog`) [BPF0108]
// DEFAULT:     help: -mkernel= says which kernels it is for, as in -mkernel=6.12
// DEFAULT-NOT: {{error|warning}}:
// BOTH:        kernels.c:22:{{[0-9]+}}: warning: `bpf_xdp_load_bytes` is not in Linux 5.15; it came with 5.18 (`prog`, Linux 5.15) [BPF0105,-Wverify]
// BOTH-NOT:    {{error|warning}}:
// OLD:         kernels.c:22:{{[0-9]+}}: error: `bpf_xdp_load_bytes` is not in Linux 5.15
// OLD-NOT:     {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  char byte;
  bpf_xdp_load_bytes(ctx, 0, &byte, 1);
  return byte ? XDP_DROP : XDP_PASS;
}
