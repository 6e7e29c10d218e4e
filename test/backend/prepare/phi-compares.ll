; A compare stands behind the join of what it compares.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare i8 @parse()
declare void @use(i8)

; CHECK-LABEL: define i32 @behind
; CHECK: join:
; CHECK-NEXT: [[V:%.*]] = phi i8 [ 0, %0 ], [ %x, %ip ]
; CHECK: icmp eq i8 [[V]], 17
define i32 @behind(i1 %c) {
  br i1 %c, label %ip, label %join
ip:
  %x = call i8 @parse()
  %t = icmp eq i8 %x, 17
  br label %join
join:
  %d = phi i1 [ false, %0 ], [ %t, %ip ]
  call void @use(i8 1)
  br i1 %d, label %yes, label %no
yes:
  ret i32 1
no:
  ret i32 2
}

; Zero is what is compared with: another number says no.
; CHECK-LABEL: define i32 @zero
; CHECK: phi i8 [ 1, %0 ], [ %x, %ip ]
define i32 @zero(i1 %c) {
  br i1 %c, label %ip, label %join
ip:
  %x = call i8 @parse()
  %t = icmp eq i8 %x, 0
  br label %join
join:
  %d = phi i1 [ false, %0 ], [ %t, %ip ]
  call void @use(i8 1)
  br i1 %d, label %yes, label %no
yes:
  ret i32 1
no:
  ret i32 2
}

; What is joined already is taken.
; CHECK-LABEL: define i32 @joined
; CHECK: %v = phi i8 [ 9, %0 ], [ %x, %ip ]
; CHECK-NOT: phi
; CHECK: icmp ugt i8 %v, 17
define i32 @joined(i1 %c) {
  br i1 %c, label %ip, label %join
ip:
  %x = call i8 @parse()
  %t = icmp ugt i8 %x, 17
  br label %join
join:
  %v = phi i8 [ 9, %0 ], [ %x, %ip ]
  %d = phi i1 [ false, %0 ], [ %t, %ip ]
  call void @use(i8 %v)
  br i1 %d, label %yes, label %no
yes:
  ret i32 1
no:
  ret i32 2
}
