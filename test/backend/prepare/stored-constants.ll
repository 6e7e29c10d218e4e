; What the stack holds is not stored again; ways that bring what is there pass a
; store by.
; RUN: bpfcc-prepare %s | FileCheck %s
; RUN: sed 's/"e-m/"E-m/' %s > %t.ll && bpfcc-prepare %t.ll | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare ptr @lookup(ptr)
declare i32 @parse()

; CHECK-LABEL: define ptr @passes
; CHECK: store i32 0, ptr %k
; CHECK-NEXT: br i1 %c, label %ip, label %[[REST:.*]]
; CHECK: [[V:%.*]] = phi i32 [ %p, %ip ]
; CHECK-NEXT: store i32 [[V]], ptr %k
; CHECK-NEXT: br label %[[REST]]
; CHECK: [[REST]]:
; CHECK-NEXT: call ptr @lookup
define ptr @passes(i1 %c) {
  %k = alloca i32
  store i32 0, ptr %k
  br i1 %c, label %ip, label %join
ip:
  %p = call i32 @parse()
  br label %join
join:
  %v = phi i32 [ 0, %0 ], [ %p, %ip ]
  store i32 %v, ptr %k
  %r = call ptr @lookup(ptr readonly captures(none) %k)
  ret ptr %r
}

; CHECK-LABEL: define ptr @again
; CHECK: store i32 7
; CHECK-NOT: store
; CHECK: ret ptr
define ptr @again() {
  %k = alloca i32
  store i32 7, ptr %k
  %a = call ptr @lookup(ptr readonly captures(none) %k)
  store i32 7, ptr %k
  %b = call ptr @lookup(ptr readonly captures(none) %k)
  ret ptr %b
}

; A call that may write it comes between.
; CHECK-LABEL: define ptr @written
; CHECK: store i32 7
; CHECK: store i32 7
define ptr @written() {
  %k = alloca i32
  store i32 7, ptr %k
  %a = call ptr @lookup(ptr %k)
  store i32 7, ptr %k
  %b = call ptr @lookup(ptr %k)
  ret ptr %b
}

; The second turn of the loop may find what the first has written.
; CHECK-LABEL: define void @loop
; CHECK: store i32 0, ptr %k
; CHECK: top:
; CHECK: store i32 0, ptr %k
define void @loop() {
  %k = alloca i32
  store i32 0, ptr %k
  br label %top
top:
  store i32 0, ptr %k
  %a = call ptr @lookup(ptr readonly captures(none) %k)
  %p = call i32 @parse()
  store i32 %p, ptr %k
  %b = call ptr @lookup(ptr readonly captures(none) %k)
  %c = icmp eq i32 %p, 0
  br i1 %c, label %out, label %top
out:
  ret void
}

; Another phi of the join is needed behind it.
; CHECK-LABEL: define i32 @other
; CHECK: [[W:%.*]] = phi i32 [ {{.*}} ], [ 1, %0 ]
; CHECK: ret i32 [[W]]
define i32 @other(i1 %c) {
  %k = alloca i32
  store i32 0, ptr %k
  br i1 %c, label %ip, label %join
ip:
  %p = call i32 @parse()
  br label %join
join:
  %v = phi i32 [ 0, %0 ], [ %p, %ip ]
  %w = phi i32 [ 1, %0 ], [ 2, %ip ]
  store i32 %v, ptr %k
  %r = call ptr @lookup(ptr readonly captures(none) %k)
  ret i32 %w
}
