// One relocation for a chain of accesses; casts and array steps begin anew.
// RUN: bpfcc -S -emit-llvm %s -o - | FileCheck %s
struct inner { int x, y; } __attribute__((preserve_access_index));
struct outer {
  int a;
  struct inner in[3];
  unsigned low : 5;
  int high : 7;
} __attribute__((preserve_access_index));

// CHECK-LABEL: @chain(
// CHECK: call i64 @"bpfcc.core.0.16.0:1:1:1#{{[0-9]+}}"()
int chain(struct outer *o) { return o->in[1].y; }

// CHECK-LABEL: @element(
// CHECK: call i64 @"bpfcc.core.0.64.2:0#{{[0-9]+}}"()
int element(struct outer *o) { return o[2].a; }

// CHECK-LABEL: @size(
// CHECK: call i64 @"bpfcc.core.1.24.0:1#{{[0-9]+}}"()
int size(struct outer *o) { return __builtin_preserve_field_info(o->in, 1); }

// CHECK-LABEL: @shifts(
// CHECK-DAG: call i64 @"bpfcc.core.0.28.0:3#{{[0-9]+}}"()
// CHECK-DAG: call i64 @"bpfcc.core.4.52.0:3#{{[0-9]+}}"()
// CHECK-DAG: call i64 @"bpfcc.core.5.57.0:3#{{[0-9]+}}"()
// CHECK-DAG: call i64 @"bpfcc.core.3.1.0:3#{{[0-9]+}}"()
int shifts(struct outer *o) {
  return __builtin_preserve_field_info(o->high, 0) +
         __builtin_preserve_field_info(o->high, 4) +
         __builtin_preserve_field_info(o->high, 5) +
         __builtin_preserve_field_info(o->high, 3);
}
