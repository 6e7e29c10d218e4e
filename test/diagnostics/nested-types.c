// A field is looked for in types that are nested without end in a moment.
// RUN: bpfcc -c %s -o %t.o
// RUN: %python %S/Inputs/nested.py %t.btf
// RUN: timeout 20 bpfcc check --btf %t.btf %t.o | FileCheck %s
// CHECK: run {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
union deep {
  int missing;
} __attribute__((preserve_access_index));
SEC("xdp") int run(struct xdp_md *ctx) {
  union deep *deep = (void *)ctx;
  return bpf_core_field_exists(deep->missing);
}
