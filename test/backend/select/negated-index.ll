; A pointer minus a number is a subtraction: verifiers know no bounds of -x.
; RUN: bpfcc-select %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK: [[N:%[0-9]+]] = arg 1
; CHECK-NEXT: [[BYTES:%[0-9]+]] = LSH_RI [[N]], 2
; CHECK-NEXT: SUB_RR %{{[0-9]+}}, [[BYTES]]
define ptr @back(ptr %p, i64 %n) {
  %negated = sub i64 0, %n
  %q = getelementptr i32, ptr %p, i64 %negated
  ret ptr %q
}
