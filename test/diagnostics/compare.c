// Verdicts and counts beside those of an earlier run, and of veristat.
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc -c -DMORE -DADDED %s -o %t.new.o
// RUN: bpfcc check --format=csv %t.o > %t.csv
// RUN: bpfcc check --compare %t.csv %t.o | FileCheck %s --check-prefix=SAME --match-full-lines
// RUN: bpfcc check --compare=%t.csv %t.new.o | FileCheck %s --check-prefix=NEW --match-full-lines
// RUN: bpfcc check --compare %t.csv %t.new.o --prog added | FileCheck %s --check-prefix=GONE --match-full-lines

// SAME:      program  kernel  verdict               insns                       states
// SAME-NEXT: one      6.12    accepted              2                           0
// NEW:       one      6.12    accepted              2 -> {{[0-9]+}} (+{{[0-9.]+}} %)  0{{.*}}
// NEW-NEXT:  added    6.12    accepted (new)        2                           0
// GONE:      one      6.12    gone

// RUN: echo file_name,prog_name,verdict,total_insns > %t.short.csv
// RUN: echo x.bpf.o,one,failure,7 >> %t.short.csv
// RUN: bpfcc check --compare %t.short.csv %t.o | FileCheck %s --check-prefix=OTHER --match-full-lines
// OTHER:     one      6.12    rejected -> accepted  7 -> 2 (-71.4 %)            0

// RUN: echo a,b > %t.bad.csv
// RUN: not bpfcc check --compare %t.bad.csv %t.o 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: bad.csv:1: error: there is no column `prog_name`
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int one(struct xdp_md *ctx) {
#ifdef MORE
  return ctx->data_end - ctx->data > 100 ? XDP_DROP : XDP_PASS;
#else
  return XDP_PASS;
#endif
}

#ifdef ADDED
SEC("xdp") int added(struct xdp_md *ctx) { return XDP_PASS; }
#endif
