; RUN: sed s/ORDER/e/ %s | bpfcc-prepare - | FileCheck %s --check-prefixes=CHECK,LE
; RUN: sed s/ORDER/E/ %s | bpfcc-prepare - | FileCheck %s --check-prefixes=CHECK,BE
; No access is wider than its address allows.
target datalayout = "ORDER-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: @packed
; CHECK: [[A:%.*]] = load i16, ptr %p, align 2
; LE: [[B:%.*]] = load i16, ptr {{.*}}, align 2
; LE: [[C:%.*]] = zext i16 [[B]] to i64
; LE: shl i64 [[C]], 16
; BE: [[B:%.*]] = zext i16 [[A]] to i64
; BE: shl i64 [[B]], 16
define i32 @packed(ptr %p) {
  %v = load i32, ptr %p, align 2
  ret i32 %v
}

; CHECK-LABEL: @local
; CHECK: alloca i64, align 8
; CHECK: store volatile i64 %v, ptr {{.*}}, align 8
define void @local(i64 %v) {
  %a = alloca i64, align 1
  store volatile i64 %v, ptr %a, align 1
  ret void
}

; CHECK-LABEL: @bits24
; CHECK: [[V:%.*]] = and i64 %{{.*}}, 16777215
; LE: [[L:%.*]] = trunc i64 [[V]] to i16
; LE: store i16 [[L]], ptr %p, align 2
; LE: [[H:%.*]] = lshr i64 [[V]], 16
; BE: [[H:%.*]] = lshr i64 [[V]], 8
; BE: [[L:%.*]] = trunc i64 [[H]] to i16
; BE: store i16 [[L]], ptr %p, align 2
define void @bits24(ptr %p, i32 %v) {
  %t = trunc i32 %v to i24
  store i24 %t, ptr %p, align 2
  ret void
}
