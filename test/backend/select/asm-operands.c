// Operands of inline assembly, each kind once.
// RUN: bpfcc -target bpfel -mcpu=v3 -O2 -c %s -o %t.o
// RUN: llvm-objdump -dr --no-show-raw-insn %t.o | FileCheck %s
#define PROGRAM __attribute__((section("socket"), used)) long
typedef unsigned long u64;

// CHECK-LABEL: <immediates>:
// CHECK: += -0x4d
// CHECK: += 0x5
// CHECK: = 0x123456789abc ll
PROGRAM immediates(long a, long b) {
  asm volatile("%0 += %1; %0 += %2" : "+r"(a) : "n"(-77), "ri"(5));
  asm volatile("%0 = %1 ll" : "=r"(b) : "i"(0x123456789abcL));
  return a + b;
}
// CHECK-LABEL: <memory>:
// CHECK: *(u64 *)(r1 + 0x8) = 0x5
// CHECK: lock *(u64 *)(r1 + 0x10) += r2
// CHECK: *(u64 *)(r10 - 0x8) = 0x6
PROGRAM memory(u64 *p, long b) {
  u64 x;
  asm volatile("*(u64 *)%0 = 5; lock *(u64 *)%1 += %2; *(u64 *)%3 = 6"
               : "=m"(p[1]), "+m"(p[2]) : "r"(b), "m"(x));
  return 0;
}
// CHECK-LABEL: <registers>:
// CHECK: r3 = 0x7
// CHECK: call 0xe
// CHECK: w{{[0-9]}} += 0x3
// CHECK: r[[E:[1-9]]] = r0
// CHECK-NEXT: r[[E]] += r0
PROGRAM registers(long a) {
  register long third asm("r3") = 7, result asm("r0");
  int word = a;
  long early, tied;
  asm volatile("call 14" : "=r"(result) : "r"(third) : "r1", "r2", "r4", "r5");
  asm volatile("%0 += 3" : "+w"(word));
  asm volatile("%0 = %1; %0 += %1" : "=&r"(early) : "r"(result));
  asm volatile("%0 += 1" : "=r"(tied) : "0"(early));
  return word + tied;
}
