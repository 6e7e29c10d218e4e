// What a program may need is an error when it needs more, each once.
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o --max-insns 2 --max-states=0 --max-stack 8 2>&1 | FileCheck %s
// RUN: bpfcc check %t.o --max-insns 10000 --max-states 1000 --max-stack 64 | FileCheck %s --check-prefix=WITHIN

// CHECK:      o: error: `prog` needs {{[0-9]+}} instructions on all paths on Linux 6.12, the budget is 2 [BPF0204]
// CHECK-NEXT: o: error: `prog` needs {{[0-9]+}} states on Linux 6.12, the budget is 0 [BPF0204]
// CHECK-NEXT: o: error: `prog` needs 16 bytes of stack on Linux 6.12, the budget is 8 [BPF0204]
// CHECK-NEXT: program
// WITHIN: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("raw_tp/x") int prog(void *ctx) {
  char name[16];
  int sum = 0;
  bpf_get_current_comm(name, sizeof(name));
  for (int i = 0; i < 16 && name[i]; ++i)
    sum += name[i];
  return sum == 77;
}
