// RUN: bpfcc -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: bpfcc -target bpfel -O2 -g -S %s -o %t.el.s
// RUN: clang -target bpfel -mcpu=v4 -c %t.el.s -o %t.el2.o
// RUN: llvm-objdump -sr -j xdp -j .data -j .rodata %t.el.o | tail -n +3 > %t.el.txt
// RUN: llvm-objdump -sr -j xdp -j .data -j .rodata %t.el2.o | tail -n +3 | diff %t.el.txt -
// RUN: bpfcc -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc -target bpfeb -O2 -g -S %s -o %t.eb.s
// RUN: clang -target bpfeb -mcpu=v4 -c %t.eb.s -o %t.eb2.o
// RUN: llvm-objdump -sr -j xdp -j .data -j .rodata %t.eb.o | tail -n +3 > %t.eb.txt
// RUN: llvm-objdump -sr -j xdp -j .data -j .rodata %t.eb2.o | tail -n +3 | diff %t.eb.txt -

// What -S prints assembles to what -c writes.

static long (*const print)(const char *, int, ...) = (void *)6;
int data[3] = {1, 2, 3};
int *address = &data[1];
const volatile short constant = 5;
int zero;

static __attribute__((noinline)) int sub(int x) { return x * constant; }

__attribute__((section("xdp"))) int prog(int *ctx) {
  if (*ctx > 7)
    print("text\n", 6);
  __sync_fetch_and_add(&zero, 2);
  return sub(data[0]) + __builtin_bswap32(*ctx) + *address;
}
