// The way to a finding in the form of the kernel's log. Registers that were
// written since the last state that the verifier kept have `_w`, as logs of
// kernels before 6.18 have it.
// RUN: bpfcc -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check --explain-path -mkernel=6.12,6.18 %t.o 2>/dev/null | FileCheck %s --match-full-lines --strict-whitespace
// RUN: not bpfcc check --explain-path --format=json %t.o 2>&1 | FileCheck %s --check-prefix=FORMAT

//      CHECK:prog 'prog' (Linux 6.12): -- BEGIN PROG LOAD LOG --
// CHECK-NEXT:0: R1=ctx() R10=fp0
// CHECK-NEXT:; int key = 1; @ explain-path.c:[[#@LINE+32]]
// CHECK-NEXT:0: (b7) r1 = 1                        ; R1_w=1
// CHECK-NEXT:1: (63) *(u32 *)(r10 -4) = r1         ; R1_w=1 R10=fp0 fp-8_w=mmmm????
// CHECK-NEXT:; long *v = bpf_map_lookup_elem(&hits, &key); @ explain-path.c:[[#@LINE+30]]
// CHECK-NEXT:2: (18) r1 = 0x0                      ; R1_w=map_ptr(map=hits,ks=4,vs=8)
// CHECK-NEXT:4: (bf) r2 = r10                      ; R2_w=fp0 R10=fp0
// CHECK-NEXT:5: (07) r2 += -4                      ; R2_w=fp-4
// CHECK-NEXT:6: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=hits,ks=4,vs=8)
// CHECK-NEXT:; *v += 1; @ explain-path.c:[[#@LINE+26]]
// CHECK-NEXT:7: (79) r1 = *(u64 *)(r0 +0)
// CHECK-NEXT:`v` may be null here
// CHECK-NEXT:processed 7 insns (limit 1000000) total_states 0 peak_states 0
// CHECK-NEXT:-- END PROG LOAD LOG --
//      CHECK:prog 'prog' (Linux 6.18): -- BEGIN PROG LOAD LOG --
//      CHECK:0: (b7) r1 = 1                        ; R1=1
//  CHECK-NOT:prog 'fine'
//      CHECK:program  kernel  verdict      insns  states    peak  stack

// FORMAT: error: `--explain-path` prints text, with no other format
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, int);
  __type(value, long);
} hits SEC(".maps");

SEC("xdp") int fine(struct xdp_md *ctx) { return XDP_PASS; }

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = 1;
  long *v = bpf_map_lookup_elem(&hits, &key);
  *v += 1;
  return XDP_PASS;
}
