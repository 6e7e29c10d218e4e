; Stores beside each other become one, where nothing between sees the difference.
; RUN: bpfcc-prepare %s | FileCheck %s --check-prefixes=CHECK,LITTLE
; RUN: sed 's/"e-m/"E-m/' %s > %t.ll && bpfcc-prepare %t.ll | FileCheck %s --check-prefixes=CHECK,BIG
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare void @use(ptr)
@global = global [4 x i32] zeroinitializer

; CHECK-LABEL: define void @zeros
; CHECK: store i64 0, ptr %k, align 8
; CHECK-NEXT: call void @use
define void @zeros() {
  %k = alloca [2 x i32], align 8
  store i32 0, ptr %k
  %b = getelementptr i8, ptr %k, i64 4
  store i32 0, ptr %b
  call void @use(ptr %k)
  ret void
}

; A store holds 32 bits, sign extended.
; CHECK-LABEL: define void @tooWide
; LITTLE: store i32 1
; LITTLE: store i32 2
; BIG: store i32 1
; BIG: store i32 2
define void @tooWide() {
  %k = alloca [2 x i32], align 8
  store i32 1, ptr %k
  %b = getelementptr i8, ptr %k, i64 4
  store i32 2, ptr %b
  call void @use(ptr %k)
  ret void
}

; CHECK-LABEL: define void @overlaid
; LITTLE: store i64 7, ptr %k
; BIG: store i32 7, ptr %k
define void @overlaid() {
  %k = alloca i64, align 8
  store i64 0, ptr %k
  store i32 7, ptr %k
  call void @use(ptr %k)
  ret void
}

; CHECK-LABEL: define void @parts
; LITTLE: store i32 %x, ptr %k
; BIG: store i8
; BIG: store i8
; BIG: store i8
; BIG: store i8
define void @parts(i32 %x) {
  %k = alloca i32, align 4
  %b0 = trunc i32 %x to i8
  store i8 %b0, ptr %k
  %s1 = lshr i32 %x, 8
  %b1 = trunc i32 %s1 to i8
  %p1 = getelementptr i8, ptr %k, i64 1
  store i8 %b1, ptr %p1
  %s2 = lshr i32 %x, 16
  %b2 = trunc i32 %s2 to i8
  %p2 = getelementptr i8, ptr %k, i64 2
  store i8 %b2, ptr %p2
  %s3 = lshr i32 %x, 24
  %b3 = trunc i32 %s3 to i8
  %p3 = getelementptr i8, ptr %k, i64 3
  store i8 %b3, ptr %p3
  call void @use(ptr %k)
  ret void
}

; CHECK-LABEL: define void @copies
; CHECK: [[V:%.*]] = load i64, ptr @global, align 8
; CHECK: store i64 [[V]], ptr %k, align 8
define void @copies() {
  %k = alloca [2 x i32], align 8
  %a = load i32, ptr @global, align 8
  store i32 %a, ptr %k
  %g1 = getelementptr i8, ptr @global, i64 4
  %b = load i32, ptr %g1, align 4
  %k1 = getelementptr i8, ptr %k, i64 4
  store i32 %b, ptr %k1
  call void @use(ptr %k)
  ret void
}

; The first half must be written before %p, which may point to it, is read.
; CHECK-LABEL: define i32 @seen
; CHECK: store i32 0, ptr @global
; CHECK: load i32, ptr %p
; CHECK: store i32 0
define i32 @seen(ptr %p) {
  store i32 0, ptr @global, align 8
  %v = load i32, ptr %p
  %g1 = getelementptr i8, ptr @global, i64 4
  store i32 0, ptr %g1, align 4
  ret i32 %v
}

; What an argument points to may be a context, which has members.
; CHECK-LABEL: define void @context
; CHECK: store i32 0, ptr %ctx
; CHECK: store i32 0, ptr %c1
define void @context(ptr align 8 %ctx) {
  store i32 0, ptr %ctx, align 8
  %c1 = getelementptr i8, ptr %ctx, i64 4
  store i32 0, ptr %c1, align 4
  ret void
}

; CHECK-LABEL: define void @volatile
; CHECK: store volatile i32 0
; CHECK: store i32 0
define void @volatile() {
  %k = alloca [2 x i32], align 8
  store volatile i32 0, ptr %k
  %b = getelementptr i8, ptr %k, i64 4
  store i32 0, ptr %b
  call void @use(ptr %k)
  ret void
}
