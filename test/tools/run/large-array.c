// Elements of an array that nobody asked for take neither memory nor time.
// RUN: bpfcc -O2 -c %s -o %t.o
// RUN: bpfcc run %t.o --data 00 | FileCheck %s
// CHECK: map slots (array): 100000000 of 100000000 elements
// CHECK-NEXT: [99999999] {.bytes = [1]}
// CHECK-NEXT: 99999999 elements are zero

// RUN: bpfcc -O2 -DENTRIES=0x7ffffff0 -c %s -o %t.o
// RUN: not bpfcc run %t.o --data 00 2>&1 | FileCheck %s --check-prefix=HUGE
// HUGE: error: {{.*}}`slots`: 2147483632 elements of 1000 bytes are more than the memory of programs

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef ENTRIES
#define BYTES 1000
#else
#define ENTRIES 100000000
#define BYTES 1
#endif

struct value {
  __u8 bytes[BYTES];
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, ENTRIES);
  __type(key, __u32);
  __type(value, struct value);
} slots SEC(".maps");

SEC("xdp") int last(struct xdp_md *ctx) {
  __u32 key = ENTRIES - 1;
  struct value *v = bpf_map_lookup_elem(&slots, &key);
  if (v)
    v->bytes[0] = 1;
  return XDP_PASS;
}
