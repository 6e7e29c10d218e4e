// RUN: clang -target bpfel -O2 -g -c %s -o %t.o
// RUN: bpfcc run %t.o --kconfig CONFIG_HZ=250 | FileCheck %s --check-prefix=GIVEN
// RUN: not bpfcc run %t.o 2>&1 | FileCheck %s --check-prefix=MISSING

// GIVEN: return 251
// MISSING: error: not a usable BPF object: `CONFIG_HZ` has no value

extern unsigned CONFIG_HZ __attribute__((section(".kconfig")));
extern _Bool CONFIG_ABSENT __attribute__((section(".kconfig"), weak));
extern int LINUX_KERNEL_VERSION __attribute__((section(".kconfig")));

__attribute__((section("tp/a/b"), used)) int prog(void *ctx) {
  return CONFIG_HZ + CONFIG_ABSENT + (LINUX_KERNEL_VERSION >= 0x060000);
}
