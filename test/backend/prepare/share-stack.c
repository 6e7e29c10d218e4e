// Objects of different scopes share stack memory: both together would not fit.
// RUN: bpfcc -O2 -c %s -o %t.o
// RUN: llvm-objdump -d %t.o | FileCheck %s
static long (*use)(void *, int) = (void *)45;
// CHECK: r1 += {{-0x190|-400}}
// CHECK: call
// CHECK: r1 += {{-0x190|-400}}
// CHECK: call
__attribute__((section("socket"))) int two(int *skb) {
  if (*skb) {
    char first[400];
    use(first, sizeof first);
  } else {
    char second[300];
    use(second, sizeof second);
  }
  return 0;
}
