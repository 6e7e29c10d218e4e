// What kernels before 6.8 do not know of numbers: that a spilled one is the one
// in the register, what a comparison with another number says, and that a number
// is not the one that it was compared with.
// RUN: bpfcc -mcpu=v3 -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check --format=csv -mkernel=6.1 %t.o 2>/dev/null | FileCheck %s --check-prefix=OLD
// RUN: bpfcc check --format=csv -mkernel=6.12 %t.o | FileCheck %s --check-prefix=NEW

// OLD: spilled,failure
// OLD: moved,success
// OLD: filled,failure
// OLD: half,failure
// OLD: compared,failure
// OLD: not_null,failure
// OLD: bounded,success
// NEW-COUNT-7: ,success
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char values[48] SEC(".bss.values");

#define PROGRAM(Name, Code)                                                    \
  SEC("xdp") __attribute__((naked)) int Name(struct xdp_md *ctx) {             \
    asm volatile("call 7\n" Code                                               \
                 "r2 = %[values] ll\n"                                         \
                 "r2 += r1\n"                                                  \
                 "r0 = *(u8 *)(r2 + 0)\n"                                      \
                 "9: r0 = 0\n"                                                 \
                 "exit\n" ::[values] "i"(&values));                            \
  }

PROGRAM(spilled, "r0 &= 255\n"
                 "*(u64 *)(r10 - 8) = r0\n"
                 "if r0 > 7 goto 9f\n"
                 "r1 = *(u64 *)(r10 - 8)\n")
PROGRAM(moved, "r0 &= 255\n"
               "r7 = r0\n"
               "*(u64 *)(r10 - 8) = r7\n"
               "if r0 > 7 goto 9f\n"
               "r1 = *(u64 *)(r10 - 8)\n")
PROGRAM(filled, "r0 &= 255\n"
                "*(u64 *)(r10 - 8) = r0\n"
                "r3 = *(u64 *)(r10 - 8)\n"
                "if r3 > 7 goto 9f\n"
                "r1 = r0\n")
PROGRAM(half, "r0 &= 255\n"
              "w1 = w0\n"
              "if r1 > 7 goto 9f\n"
              "r1 = r0\n")
PROGRAM(compared, "r7 = r0\n"
                  "call 7\n"
                  "r7 &= 7\n"
                  "r0 &= 63\n"
                  "if r0 > r7 goto 9f\n"
                  "r1 = r0\n")
PROGRAM(not_null, "r0 &= 7\n"
                  "if r0 == 0 goto 9f\n"
                  "r0 += -1\n"
                  "r1 = r0\n")
PROGRAM(bounded, "r0 &= 7\n"
                 "*(u64 *)(r10 - 8) = r0\n"
                 "r1 = *(u64 *)(r10 - 8)\n")
