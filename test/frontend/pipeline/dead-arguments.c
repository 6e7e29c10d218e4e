// Static functions get no argument that they do not read; global ones keep
// theirs, by whose types the verifier checks the calls.
// RUN: bpfcc -c %s -o %t.o && bpfcc dump %t.o | FileCheck %s
// CHECK-LABEL: xdp: f
// CHECK-NOT:   r2 = 0x9
// CHECK:       call local
// CHECK:       r2 = 0x9
// CHECK:       call shared
static __attribute__((noinline)) int local(int *p, int unused) {
  return *p + 1;
}
__attribute__((noinline)) int shared(int *p, int unused) { return *p + 2; }
__attribute__((section("xdp"))) int f(int *ctx) {
  return local(ctx, 9) + shared(ctx, 9);
}
