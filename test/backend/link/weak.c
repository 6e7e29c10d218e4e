// A strong definition takes the place of weak ones, whatever the order; of
// weak ones the first counts. What does not count is not in the output.
// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -c %s -o %t/weak.o -DKIND='__attribute__((weak))' -DVALUE=1
// RUN: bpfcc -c %s -o %t/other.o -DKIND='__attribute__((weak))' -DVALUE=2
// RUN: bpfcc -c %s -o %t/strong.o -DKIND= -DVALUE=3
// RUN: bpfcc -c %s -o %t/main.o -DMAIN
// RUN: bpfcc %t/main.o %t/weak.o %t/strong.o %t/other.o -o %t/a.o
// RUN: bpfcc run %t/a.o --data 00 | FileCheck --check-prefix=STRONG %s
// RUN: bpfcc %t/strong.o %t/weak.o %t/main.o -o %t/b.o
// RUN: bpfcc run %t/b.o --data 00 | FileCheck --check-prefix=STRONG %s
// RUN: bpfcc %t/main.o %t/other.o %t/weak.o -o %t/c.o
// RUN: bpfcc run %t/c.o --data 00 | FileCheck --check-prefix=OTHER %s
// RUN: bpfcc dump %t/a.o --no-code --btf | FileCheck --check-prefix=ONCE %s
// RUN: llvm-readelf -s %t/a.o | FileCheck --check-prefix=SYMBOL %s

// STRONG: {{^ +}}33{{ +}}1
// OTHER: {{^ +}}22{{ +}}1
// ONCE: int value(void)
// ONCE-NOT: int value(void)
// SYMBOL-COUNT-1: value
// SYMBOL-NOT: value

int value(void);
#ifdef MAIN
__attribute__((section("xdp"), used)) int prog(void *ctx) {
  return value();
}
#else
static volatile int factor = 11;
KIND __attribute__((noinline)) int value(void) { return VALUE * factor; }
#endif
