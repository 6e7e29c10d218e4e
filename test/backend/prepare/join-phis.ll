; A join that only leads to another one is part of it, but not before a loop.
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

; CHECK-LABEL: define i64 @truth
; CHECK: phi i64 [ 0, %0 ], [ 1, %{{.*}} ], [ 0, %more ]
; CHECK-NOT: phi
; CHECK: ret i64
define i64 @truth(i64 %a, i64 %b) {
  %x = icmp eq i64 %a, 7
  br i1 %x, label %more, label %join
more:
  %y = icmp eq i64 %b, 8
  %z = zext i1 %y to i64
  br label %join
join:
  %r = phi i64 [ 0, %0 ], [ %z, %more ]
  %s = call i32 @g()
  %t = add i64 %r, 3
  ret i64 %t
}

; CHECK-LABEL: define i64 @loop
; CHECK: before:
; CHECK: top:
define i64 @loop(i1 %a, i1 %b) {
  br i1 %a, label %x, label %before
x:
  br label %before
before:
  %i = phi i64 [ 1, %0 ], [ 2, %x ]
  br label %top
top:
  %j = phi i64 [ %i, %before ], [ %k, %top ]
  %k = add i64 %j, 1
  %c = call i32 @g()
  %d = icmp eq i32 %c, 0
  br i1 %d, label %top, label %out
out:
  ret i64 %k
}
