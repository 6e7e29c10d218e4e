// What is linked is verified as a whole, with places in all of its sources. A
// file alone calls what another may define: the link says what that makes.
// RUN: rm -f %t.o
// RUN: not bpfcc -Werror=verify %s %S/Inputs/first.c -o %t.o 2>&1 | FileCheck %s
// RUN: not test -e %t.o
// RUN: bpfcc %s %S/Inputs/first.c -o %t.o
// RUN: bpfcc -Werror=verify -c %s -o %t.c.o 2>&1 | count 0

// CHECK:     {{^}}{{.*}}Inputs/first.c:1:{{[0-9]+}}: error:
// CHECK-NOT: error:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int first(unsigned char *at);

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned char local = 1;
  return first(&local) ? XDP_DROP : XDP_PASS;
}
