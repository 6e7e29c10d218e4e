; Adding a truth value is a branch around an addition.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: define i32 @sum
; CHECK: br i1 {{.*}}, label %[[YES:.*]], label %[[JOIN:.*]]
; CHECK: [[YES]]:
; CHECK-NEXT: [[MORE:%.*]] = add i32 %x, 1
; CHECK: phi i32 [ [[MORE]], %[[YES]] ], [ %x, %0 ]
define i32 @sum(i32 %x, i32 %y) {
  %c = icmp ugt i32 %y, 7
  %z = zext i1 %c to i32
  %r = add i32 %x, %z
  ret i32 %r
}

; CHECK-LABEL: define i64 @flag
; CHECK: or i64 %x, 16
; CHECK: phi i64
define i64 @flag(i64 %x, i32 %y) {
  %c = icmp ugt i32 %y, 7
  %z = zext i1 %c to i64
  %s = shl i64 %z, 4
  %r = or i64 %x, %s
  ret i64 %r
}

; CHECK-LABEL: define i64 @less
; CHECK: sub i64 %x, 1
define i64 @less(i64 %x, i32 %y) {
  %c = icmp ugt i32 %y, 7
  %z = zext i1 %c to i64
  %r = sub i64 %x, %z
  ret i64 %r
}

; The truth value itself is the first operand here.
; CHECK-LABEL: define i64 @from
; CHECK: phi i64 [ 1, %{{.*}} ], [ 0, %0 ]
; CHECK: sub i64 {{.*}}, %x
define i64 @from(i64 %x, i32 %y) {
  %c = icmp ugt i32 %y, 7
  %z = zext i1 %c to i64
  %r = sub i64 %z, %x
  ret i64 %r
}

; A truth that is shifted by what is not known stays a number.
; CHECK-LABEL: define i64 @shifted
; CHECK: shl i64 %{{.*}}, %n
; CHECK: xor i64
define i64 @shifted(i64 %x, i64 %y, i64 %n) {
  %c = icmp slt i64 %y, 1
  %t = zext i1 %c to i64
  %s = shl i64 %t, %n
  %r = xor i64 %s, %x
  ret i64 %r
}
