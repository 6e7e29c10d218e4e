; RUN: bpfcc-select %s | FileCheck %s
; -1 is added to 8 bits as -1: the verifier then knows that the sum stays small.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: func @down
; CHECK: ADD32_RI %{{[0-9]+}}, -1
define void @down(ptr %p, i8 %v) {
  %r = add i8 %v, -1
  store i8 %r, ptr %p
  ret void
}

; No carry leaves, so the sum is zero-extended if both operands are.
; CHECK-LABEL: func @noCarry
; CHECK: ADD32_RI %{{[0-9]+}}, 254
; CHECK-NOT: AND
; CHECK: EXIT
define i64 @noCarry(ptr %p) {
  %v = load i8, ptr %p
  %r = add nuw i8 %v, -2
  %w = zext i8 %r to i64
  ret i64 %w
}

; CHECK-LABEL: func @constantFirst
; CHECK: MOV_RI 251
; CHECK: SUB32_RR
; CHECK: LSH
define i64 @constantFirst(ptr %p) {
  %v = load i8, ptr %p
  %h = lshr i8 %v, 1
  %r = sub nsw i8 -5, %h
  %w = sext i8 %r to i64
  ret i64 %w
}
