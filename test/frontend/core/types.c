// Questions about types and enumerations.
// RUN: bpfcc -S -emit-llvm %s -o - | FileCheck %s
struct pair { long a, b; };
enum colour { Red = 5, Blue = -3 };

// CHECK-LABEL: @size(
// CHECK: call i64 @"bpfcc.core.9.16.0#{{[0-9]+}}"()
int size(void) {
  return __builtin_preserve_type_info(*(struct pair *)0, 1);
}
// CHECK-LABEL: @matches(
// CHECK: call i64 @"bpfcc.core.12.1.0#{{[0-9]+}}"()
int matches(void) {
  return __builtin_preserve_type_info(*(struct pair *)0, 2);
}
// CHECK-LABEL: @local(
// CHECK: call i64 @"bpfcc.core.6.0.0#{{[0-9]+}}"()
int local(void) { return __builtin_btf_type_id(*(struct pair *)0, 0); }

// CHECK-LABEL: @value(
// CHECK: call i64 @"bpfcc.core.11.-3.1#{{[0-9]+}}"()
int value(void) {
  return __builtin_preserve_enum_value(*(enum colour *)Blue, 1);
}
