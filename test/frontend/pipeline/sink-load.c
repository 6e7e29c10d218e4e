// A read that is needed only behind a check is made behind it.
// RUN: bpfcc -O2 -S -emit-llvm %s -o - | FileCheck %s

extern int use(unsigned Address);

// CHECK-LABEL: @program(
// CHECK-NOT: load
// CHECK: icmp
// CHECK: br
// CHECK: load
int program(char *Data, char *End) {
  unsigned Address = *(unsigned *)(Data + 16);
  if (Data + 20 > End || (Address & 0xffffff) != 0x10a0a)
    return 0;
  return use(Address);
}
