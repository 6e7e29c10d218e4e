// A way that jumps says from where, and calls say the state of both sides.
// What lies on other paths is left out.
// RUN: bpfcc -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check --explain-path -mkernel=6.18 %t.o 2>/dev/null | FileCheck %s --implicit-check-not='return 1;'

// CHECK: 0: R1=ctx() R10=fp0
// CHECK: (16) if w0 == 0x0 goto pc+2{{$}}
// CHECK-EMPTY:
// CHECK-NEXT: from [[#]] to [[#]]: R0=scalar({{.*}}) R6=ctx() R10=fp0
// CHECK-NEXT: ; int n = inner(ctx); @ explain-path-calls.c:[[#@LINE+33]]
// CHECK: (85) call pc+[[#]]
// CHECK-NEXT: caller:
// CHECK-NEXT: {{^}} R6=ctx() R10=fp0
// CHECK-NEXT: callee:
// CHECK-NEXT: {{^}} frame1: R1=ctx() R10=fp0
// CHECK-NEXT: {{^[0-9]+}}: frame1: R1=ctx() R10=fp0
// CHECK: (61) r0 = *(u32 *)(r1 +[[#]]) ; frame1: R0=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff)) R1=ctx()
// CHECK: (95) exit
// CHECK-NEXT: returning from callee:
// CHECK-NEXT: {{^}} frame1: R0=scalar({{.*}}) R1=ctx() R10=fp0
// CHECK-NEXT: to caller at [[#]]:
// CHECK-NEXT: {{^}} R0=scalar({{.*}}) R6=ctx() R10=fp0
// CHECK: (85) call pc+[[#]] ; R0=scalar()
// CHECK-NEXT: Func#2 ('outer') is global and assumed valid.
// CHECK: (95) exit
// CHECK-NEXT: the program returns (it is 0 to 4294967295), it must return 0 to 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((noinline)) int outer(int n) {
  asm volatile("");
  return n;
}

static __attribute__((noinline)) int inner(struct __sk_buff *skb) {
  asm volatile("");
  return skb->mark;
}

SEC("cgroup_skb/ingress") int prog(struct __sk_buff *ctx) {
  if (bpf_get_prandom_u32())
    return 1;
  int n = inner(ctx);
  outer(n);
  return n;
}
