; Where the first way into a loop passes a store by, a phi that takes another on the
; way back takes what that was in the round before, the first round too.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare i32 @next(ptr)

; CHECK-LABEL: define i32 @rounds
; CHECK: br label %[[REST:.*]]
; CHECK: loop:
; CHECK-NEXT: phi i32 [ %n, %rest ]
; CHECK-NEXT: phi i32 [ [[BEFORE:%.*]], %rest ]
; CHECK: {{^}}[[REST]]:
; CHECK: [[BEFORE]] = phi i32 [ %s, %loop ], [ 1, %0 ]
define i32 @rounds() {
  %k = alloca i32
  store i32 0, ptr %k
  br label %loop
loop:
  %s = phi i32 [ 1, %0 ], [ %n, %rest ]
  %q = phi i32 [ 7, %0 ], [ %s, %rest ]
  %v = phi i32 [ 0, %0 ], [ %n, %rest ]
  store i32 %v, ptr %k
  br label %rest
rest:
  %n = call i32 @next(ptr readonly captures(none) %k)
  %c = icmp ult i32 %n, %q
  br i1 %c, label %loop, label %done
done:
  ret i32 %q
}
