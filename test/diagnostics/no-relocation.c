// A descriptor in the code itself is nobody's map.
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: not bpfcc run %t.o --data 00 2>&1 | FileCheck %s --check-prefix=USER
// CHECK: the map is not known
// CHECK-NOT: accepted
// USER: error: in `prog`:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } first SEC(".maps");

SEC("xdp") __attribute__((naked)) int prog(void) {
  asm volatile("r1 = 0\n"
               "*(u32 *)(r10 - 4) = r1\n"
               "r2 = r10\n"
               "r2 += -4\n"
               ".8byte %0\n"
               ".8byte 0\n"
               "call 1\n"
               "r0 = 0\n"
               "exit\n" ::"i"(0x1118));
}
