// RUN: bpfcc -target bpf -O2 -g -S -emit-llvm -w %s -o - | not bpfcc-prepare - 2>&1 | FileCheck %s
// One mistake is one error.
typedef int Four __attribute__((vector_size(16)));

// CHECK: wide-vector.c:[[@LINE+2]]: error: `add` takes {{[0-9]+}} arguments
// CHECK-NOT: error:
Four add(Four A, Four B) { return A + B; }
