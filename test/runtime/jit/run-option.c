// What is compiled does what is interpreted, faults and counts included.
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc run %t.o --jit=off --data 0102030405 > %t.off
// RUN: bpfcc run %t.o --jit=template --data 0102030405 > %t.jit
// RUN: diff %t.off %t.jit
// RUN: bpfcc run %t.o --jit=llvm --data 0102030405 > %t.llvm
// RUN: diff %t.off %t.llvm
// RUN: not bpfcc run %t.o --jit=off --data 01 2> %t.off
// RUN: not bpfcc run %t.o --jit=template --data 01 2> %t.jit
// RUN: diff %t.off %t.jit
// RUN: not bpfcc run %t.o --jit=llvm --data 01 2> %t.llvm
// RUN: diff %t.off %t.llvm
// RUN: FileCheck %s --input-file %t.jit
// CHECK: run-option.c:[[#@LINE+14]]:{{.*}}in `third`: cannot read 1 byte at packet offset 2, the packet has 1 byte
// RUN: not bpfcc run %t.o --jit=fast --data 01 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: --jit: `fast` is none of off, template, llvm
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 runs;

// The check that a verifier would ask for is missing.
SEC("xdp") int third(struct xdp_md *ctx) {
  unsigned char *p = (void *)(long)ctx->data;
  runs++;
  if (bpf_get_smp_processor_id() > 100)
    return XDP_PASS;
  return p[2] == 3 ? XDP_TX : XDP_DROP;
}
