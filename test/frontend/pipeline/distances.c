// Nothing is added to a packet pointer before the difference is taken.
// RUN: bpfcc -O2 -S -emit-llvm %s -o - | FileCheck %s

struct xdp_md {
  unsigned data, data_end;
};
extern int end(unsigned Length);

// CHECK-LABEL: @program(
// CHECK: sub i32 %[[END:[0-9]+]], %[[DATA:[0-9]+]]
// CHECK-NEXT: add {{.*}}i32 {{.*}}, -14
__attribute__((section("xdp"))) int program(struct xdp_md *Ctx) {
  void *End = (void *)(long)Ctx->data_end;
  void *Data = (void *)(long)Ctx->data;
  unsigned Length = End - Data;
  Length -= 14;
  return end(Length);
}
