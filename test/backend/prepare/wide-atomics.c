// RUN: bpfcc -target bpf -O2 -g -S -emit-llvm -w %s -o - | not bpfcc-prepare - 2>&1 | FileCheck %s
_Bool swap(__int128 *P) {
  // CHECK: wide-atomics.c:[[@LINE+2]]:{{.*}}128-bit integer atomic access is not supported
  // CHECK-NOT: error:
  return __sync_bool_compare_and_swap(P, 1, 2);
}
