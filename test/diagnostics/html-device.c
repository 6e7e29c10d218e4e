// An object may name a device as its source, of which the report has no lines.
// RUN: bpfcc -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check -mkernel=6.12 %t.o --html %t.html 2>&1 | FileCheck %s
// CHECK: dev/zero:1:{{[0-9]+}}: error: the value in r1 is a number here
// CHECK: rejected
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#line 1 "/dev/zero"
SEC("socket") int p(struct __sk_buff *c) { return *(long *)(long)c->len; }
