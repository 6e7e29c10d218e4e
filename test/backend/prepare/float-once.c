// RUN: not bpfcc -O2 -S %s -o - 2>&1 | FileCheck --implicit-check-not=error: %s
// Floating point is one error for each function that is written with it, also
// where such a function was inlined; a call of one adds none.

// CHECK: float-once.c:[[@LINE+1]]:{{.*}}error: floating point cannot run in BPF
static __attribute__((noinline)) float half(float X) { return X / 2; }
int call(int A) { return (int)half((float)A); }

// CHECK: float-once.c:[[@LINE+1]]:{{.*}}error: floating point cannot run in BPF
double scale(int A) { return A * 2.5; }
int inlined(int A) { return (int)scale(A); }
