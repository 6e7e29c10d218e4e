// Spills around calls that kernels inline need no stack, unless something else
// uses their slots.
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc check -mkernel=6.12 --prog spills %t.o | FileCheck %s --check-prefix=FITS
// RUN: not bpfcc check -mkernel=6.11 --prog spills %t.o 2>&1 | FileCheck %s
// RUN: not bpfcc check -mkernel=6.12 --prog shares %t.o 2>&1 | FileCheck %s

// FITS:  spills {{.*}} 512+0
// CHECK: error: stack of `{{spills|shares}}` needs 528 bytes, the limit is 512
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((naked, used)) static void alone(void) {
  asm volatile("*(u64 *)(r10 - 8) = r1;"
               "call 8;"
               "r1 = *(u64 *)(r10 - 8);"
               "exit;");
}
__attribute__((naked, used)) static void shared(void) {
  asm volatile("*(u64 *)(r10 - 8) = r1;"
               "call 8;"
               "r1 = *(u64 *)(r10 - 8);"
               "r1 = *(u64 *)(r10 - 8);"
               "exit;");
}
SEC("raw_tp") __attribute__((naked)) int spills(void *ctx) {
  asm volatile("r1 = 42;"
               "*(u64 *)(r10 - 512) = r1;"
               "call alone;"
               "exit;");
}
SEC("raw_tp") __attribute__((naked)) int shares(void *ctx) {
  asm volatile("r1 = 42;"
               "*(u64 *)(r10 - 512) = r1;"
               "call shared;"
               "exit;");
}
char LICENSE[] SEC("license") = "GPL";
