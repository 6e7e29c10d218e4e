// Clang makes jump tables of large switches; each engine jumps by them, in loops too.
// RUN: clang-22 --target=bpfel -O2 -mcpu=v4 -c %s -o %t.o
// RUN: llvm-objdump-22 -d %t.o | FileCheck --check-prefix=CODE %s
// RUN: bpfcc run --jit=off %t.o --data 000102030405060708090a0b0c0d0e0f101112131415 --format json > %t.off
// RUN: FileCheck %s < %t.off
// RUN: bpfcc run --jit=template %t.o --data 000102030405060708090a0b0c0d0e0f101112131415 --format json | cmp - %t.off
// RUN: bpfcc run --jit=llvm %t.o --data 000102030405060708090a0b0c0d0e0f101112131415 --format json | cmp - %t.off
// RUN: clang-22 --target=bpfeb -O2 -mcpu=v4 -c %s -o %t.be.o
// RUN: bpfcc run --jit=llvm %t.be.o --data 000102030405060708090a0b0c0d0e0f101112131415 --format json | FileCheck %s
// CODE: gotox
// CHECK: "verdicts":
// CHECK-NEXT: "395": 1
struct xdp_md {
  unsigned data, data_end;
};

__attribute__((section("xdp"), used)) int prog(struct xdp_md *ctx) {
  unsigned char *p = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  unsigned sum = 0;
  for (; p + 1 <= end; p++)
    switch (*p) {
    case 0: sum += 3; break;
    case 1: sum ^= 5; break;
    case 2: sum *= 7; break;
    case 3: sum -= 2; break;
    case 4: sum |= 64; break;
    case 5: sum += 11; break;
    case 6: sum ^= 13; break;
    case 7: sum += sum >> 2; break;
    case 8: sum &= 1023; break;
    case 9: sum *= 3; break;
    case 10: sum -= 9; break;
    case 11: sum ^= sum << 3; break;
    case 12: sum += 1; break;
    case 13: sum |= 2; break;
    case 14: sum &= ~1u; break;
    case 15: sum ^= 0x55; break;
    case 16: sum += 100; break;
    case 17: sum *= 5; break;
    case 18: sum &= 1023; break;
    }
  return sum;
}
char LICENSE[] __attribute__((section("license"), used)) = "GPL";
