// -ftrap-function= names what a trap calls; without a definition that is an
// error where control may come to the trap, and nothing elsewhere.
// RUN: not bpfcc -O2 -ftrap-function=__undefined_trap -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -O2 -ftrap-function=stop -DREACHED=0 -c %s -o %t.o
// RUN: bpfcc -O2 -ftrap-function=stop -c %s -o %t.o
// RUN: llvm-objdump -d --no-show-raw-insn %t.o | FileCheck %s --check-prefix=CALL
#ifndef REACHED
#define REACHED 1
#endif
// CALL-LABEL: <program>:
// CALL: call
// CALL: exit
__attribute__((noinline, used)) static void stop(void) { asm volatile(""); }
__attribute__((section("socket"))) int program(int *ctx) {
  if (REACHED && *ctx == 5)
    // CHECK: trap-function.c:[[@LINE+1]]:5: error: control may come to a trap here, and nothing defines `__undefined_trap`, which -ftrap-function= names [BPF0613]
    __builtin_trap();
  return 1;
}
