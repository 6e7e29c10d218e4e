// Veristat's columns, and one row for each program and kernel.
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc check --format=csv -mkernel=5.15,6.12 %t.o | FileCheck %s --match-full-lines

// CHECK:      file_name,prog_name,verdict,duration,total_insns,total_states,peak_states,prog_size,stack_depth,kernel
// CHECK-NEXT: format-csv.c.tmp.o,one,success,{{[0-9]+}},2,0,0,2,0,5.15
// CHECK-NEXT: format-csv.c.tmp.o,one,success,{{[0-9]+}},2,0,0,2,0,6.12
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int one(struct xdp_md *ctx) { return XDP_PASS; }
