// The UAPI headers and libbpf's are found with no flag.
// RUN: bpfcc -S -emit-llvm %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int pass(struct xdp_md *ctx) { return XDP_PASS; }
// CHECK: define {{.*}}i32 @pass({{.*}} section "xdp"
// CHECK-NEXT: #dbg_value
// CHECK-NEXT: ret i32 2
