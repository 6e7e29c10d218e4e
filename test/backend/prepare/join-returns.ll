; A join that only leads to the return is the return's own.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare i32 @g()

; CHECK-LABEL: define i32 @f
; CHECK-NOT: inner:
; CHECK: phi i32
; CHECK-NOT: phi
; CHECK: ret i32
define i32 @f(i1 %a, i1 %b) {
  br i1 %a, label %x, label %ret
x:
  br i1 %b, label %y, label %inner
y:
  %v = call i32 @g()
  br label %inner
inner:
  %j = phi i32 [ 1, %x ], [ %v, %y ]
  br label %ret
ret:
  %r = phi i32 [ %j, %inner ], [ 1, %0 ]
  ret i32 %r
}
