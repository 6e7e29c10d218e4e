// What cannot be judged is one note for all that have the same reason, never an error.
// RUN: bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s

// CHECK:     unjudged.c:{{[0-9]+}}:{{.*}}note: cannot be judged: the kernel function `bpf_no_such_thing` is not known (`one` and `two`, Linux 6.12) [BPF0390]
// CHECK-NOT: {{error|warning|note}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_no_such_thing(void) __ksym;

SEC("xdp") int one(struct xdp_md *ctx) { return bpf_no_such_thing(); }
SEC("xdp") int two(struct xdp_md *ctx) { return bpf_no_such_thing() + 1; }
