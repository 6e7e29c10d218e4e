// The kernel's header, which Debian's clang does not find all of: it is in the
// box, on a machine without any.
// RUN: bpfcc -Werror=verify -c %s -o %t.o 2>&1 | count 0
// RUN: bpfcc check %t.o | FileCheck %s

// CHECK: prog {{.*}}accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) { return XDP_PASS; }
