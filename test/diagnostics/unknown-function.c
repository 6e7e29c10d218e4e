// A function of the kernel that is not known here: no verdict, and no claim.
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s

// CHECK:     unknown-function.c:{{[0-9]+}}:{{[0-9]+}}: note: cannot be judged: the kernel function `bpf_no_such_thing` is not known
// CHECK-NOT: error:
// CHECK:     unjudged
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_no_such_thing(void) __ksym;

SEC("xdp") int prog(struct xdp_md *ctx) { return bpf_no_such_thing(); }
