; RUN: bpfcc-prepare %s | FileCheck %s
; Nothing is known of a loop's value before all that comes into it is.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK: [[HIGH:%.*]] = phi i64 [ 0, {{.*}} ], [ {{.*}} ]
; CHECK: icmp eq i64 [[HIGH]], 0
; CHECK-NOT: freeze
define i32 @power(i128 %x, i32 %n) {
entry:
  br label %head
head:
  %i = phi i32 [ %n, %entry ], [ %j, %body ]
  %r = phi i128 [ 1, %entry ], [ %s, %body ]
  %more = icmp ne i32 %i, 0
  br i1 %more, label %body, label %done
body:
  %s = mul i128 %r, %x
  %j = add i32 %i, -1
  br label %head
done:
  %c = icmp eq i128 %r, 14348907
  %z = select i1 %c, i32 7, i32 9
  ret i32 %z
}
