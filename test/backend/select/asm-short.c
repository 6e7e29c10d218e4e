// An operand cast to short is the register of what was cast, so that a verifier
// learns from the comparison; a short from elsewhere is extended.
// RUN: bpfcc -O2 -S %s -o - | FileCheck %s

extern void fail(void);

// CHECK-LABEL: compare:
// CHECK-NOT: &=
// CHECK: if r1 s< 0x7 goto
int compare(long x) {
  asm goto("if %0 s< 7 goto %l[less]" ::"r"((short)x)::less);
  fail();
less:
  return x;
}

// CHECK-LABEL: load:
// CHECK: w[[R:[0-9]]] = *(u16 *)(r1 + 0x0)
// CHECK-NEXT: r0 = r[[R]]
long load(unsigned short *p) {
  long x;
  asm("%0 = %1" : "=r"(x) : "r"(*p));
  return x;
}
