// Records of ring buffers are printed as a type of the object.
// RUN: bpfcc --target=bpfel -O2 -g -c %s -o %t.o
// RUN: bpfcc --target=bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc run %t.o --event-type seen --data 010203 | FileCheck %s
// RUN: bpfcc run %t.eb.o --event-type 'first=struct seen' --data 010203 | FileCheck %s --check-prefix=ONE
// RUN: bpfcc run %t.o --event-type seen --data 010203 --format json | FileCheck %s --check-prefix=JSON
// RUN: not bpfcc run %t.o --event-type sen --data 010203 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not bpfcc run %t.o --event-type first= --data 010203 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: bpfcc run %t.o --event-type 'second=enum xdp_action' --data 010203 | FileCheck %s --check-prefix=ENUM
// RUN: not bpfcc run %t.o --event-type third=seen --data 010203 2>&1 | FileCheck %s --check-prefix=MAP
// CHECK:      event first: {.size = 3, .what = XDP_PASS}
// CHECK-NEXT: event second: {.size = 4, .what = XDP_DROP}
// CHECK-NEXT: event second: 07
// ONE:      event first: {.size = 3, .what = XDP_PASS}
// ONE-NEXT: event second: 00 00 00 04 00 00 00 01
// JSON:      "bytes": "0300000002000000",
// JSON-NEXT: "map": "first",
// JSON-NEXT: "value": "{.size = 3, .what = XDP_PASS}"
// ENUM: event second: XDP_REDIRECT
// MAP: there is no map `third`; there are `first`, `second`
// NONE:      --event-type: the object describes no type `sen`
// NONE-NEXT: = help: compile with -g, and keep the type by a variable: `struct sen *unused;`
// EMPTY: --event-type: `first=` is no [MAP=]TYPE
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct seen {
  __u32 size;
  enum xdp_action what;
};
struct seen *unused;
struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} first SEC(".maps"), second SEC(".maps");
SEC("xdp") int program(struct xdp_md *ctx) {
  struct seen s = {ctx->data_end - ctx->data, XDP_PASS};
  char small = 7;
  bpf_ringbuf_output(&first, &s, sizeof(s), 0);
  s.size++;
  s.what = XDP_DROP;
  bpf_ringbuf_output(&second, &s, sizeof(s), 0);
  bpf_ringbuf_output(&second, &small, 1, 0);
  return XDP_PASS;
}
