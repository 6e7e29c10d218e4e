// A function in which most jumps would be too far if the sides of a branch stood
// apart.
// RUN: bpfcc -O0 -mcpu=v3 -c %s -o %t.o
// RUN: bpfcc-exec %t.o | FileCheck %s
// CHECK: returned 0x0 0x100000800

#define ONE                                                                    \
  if (x & 1)                                                                   \
    odd += x;                                                                  \
  else                                                                         \
    even += x;                                                                 \
  x++;
#define TWO(part) part part
#define MANY(part) TWO(TWO(TWO(TWO(part))))

__attribute__((section(".data.status"))) volatile unsigned long status = 0;
static volatile unsigned long even, odd;
__attribute__((section("socket"), used)) int entry(void *context) {
  unsigned long x = status;
  MANY(MANY(MANY(ONE)))
  status = (1ul << 32) + odd - even;
  return 0;
}
__attribute__((section("license"), used)) char license[] = "GPL";
