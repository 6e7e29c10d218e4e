// Class 16: nothing follows inline assembly that ends in exit; clang adds a call
// of __bpf_trap, which no way reaches.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: clang-22 -g -O2 -target bpf -mcpu=v3 -idirafter /usr/include/x86_64-linux-gnu -c %s -o %t.clang.o
// RUN: %verdict rejected %t.clang.o "unreachable insn"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
// CHECK:      r0 = 0x2
// CHECK:      exit
// CHECK-NOT:  call
SEC("socket") int program(struct __sk_buff *Ctx) {
  asm volatile("r0 = 2; exit" ::: "r0");
  __builtin_unreachable();
}
char License[] SEC("license") = "GPL";
