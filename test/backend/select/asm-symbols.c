// Symbols and labels in inline assembly.
// RUN: bpfcc -target bpfel -O2 -c %s -o %t.o
// RUN: llvm-objdump -dr --no-show-raw-insn %t.o | FileCheck %s
#define PROGRAM __attribute__((section("socket"), used)) long
static int map __attribute__((section(".maps"), used));
static void *(*lookup)(void *, const void *) = (void *)1;
extern int bpf_kf(int) __attribute__((section(".ksyms")));

// CHECK-LABEL: <symbols>:
// CHECK: r1 = 0x0 ll
// CHECK-NEXT: R_BPF_64_64 .maps
// CHECK: call 0x1
// CHECK: call -0x1
// CHECK-NEXT: R_BPF_64_32 bpf_kf
__attribute__((naked)) PROGRAM symbols(void) {
  asm volatile("r1 = %[map] ll; r2 = r10; r2 += -4; call %[lookup];"
               "call %[bpf_kf]; exit"
               : : [map] "i"(&map), [lookup] "i"(lookup), [bpf_kf] "i"(bpf_kf));
}
// CHECK-LABEL: <labels>:
// CHECK: if r1 == 0x5 goto
// CHECK: if r1 == 0x6 goto
PROGRAM labels(long a) {
  long x;
  asm goto("%0 = %1; if %1 == 5 goto %l[five]; if %1 == 6 goto %l3"
           : "=r"(x) : "r"(a) : : five, six);
  return x;
five:
  return 50 + x;
six:
  return 60;
}
