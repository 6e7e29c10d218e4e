; A number that is put together from bytes is read at once, if memory takes that.
; RUN: bpfcc-prepare %s | FileCheck %s --check-prefixes=CHECK,LITTLE
; RUN: sed 's/"e-m/"E-m/' %s > %t.ll && bpfcc-prepare %t.ll | FileCheck %s --check-prefixes=CHECK,BIG
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
@global = global [8 x i8] zeroinitializer, align 8

; CHECK-LABEL: define i32 @little
; CHECK: [[W:%.*]] = load i32, ptr @global, align 8
; LITTLE-NOT: bswap
; BIG: call i32 @llvm.bswap.i32(i32 [[W]])
; CHECK: ret i32
define i32 @little() {
  %a = load i8, ptr @global, align 8
  %b = load i8, ptr getelementptr (i8, ptr @global, i64 1)
  %c = load i8, ptr getelementptr (i8, ptr @global, i64 2), align 2
  %d = load i8, ptr getelementptr (i8, ptr @global, i64 3)
  %az = zext i8 %a to i32
  %bz = zext i8 %b to i32
  %cz = zext i8 %c to i32
  %dz = zext i8 %d to i32
  %bs = shl i32 %bz, 8
  %cs = shl i32 %cz, 16
  %ds = shl i32 %dz, 24
  %ab = or i32 %az, %bs
  %cd = or i32 %cs, %ds
  %r = or i32 %ab, %cd
  ret i32 %r
}

; CHECK-LABEL: define i16 @big
; CHECK: [[W:%.*]] = load i16, ptr @global, align 8
; LITTLE: call i16 @llvm.bswap.i16(i16 [[W]])
; BIG-NOT: bswap
; CHECK: ret i16
define i16 @big() {
  %a = load i8, ptr @global, align 8
  %b = load i8, ptr getelementptr (i8, ptr @global, i64 1)
  %az = zext i8 %a to i16
  %bz = zext i8 %b to i16
  %as = shl i16 %az, 8
  %r = or i16 %as, %bz
  ret i16 %r
}

; Other operands stay.
; CHECK-LABEL: define i32 @rest
; CHECK: load i16, ptr @global
; CHECK: or i32
; CHECK: ret i32
define i32 @rest(i32 %x) {
  %a = load i8, ptr @global, align 8
  %b = load i8, ptr getelementptr (i8, ptr @global, i64 1)
  %az = zext i8 %a to i32
  %bz = zext i8 %b to i32
  %bs = shl i32 %bz, 8
  %ax = or i32 %az, %x
  %r = or i32 %ax, %bs
  ret i32 %r
}

; CHECK-LABEL: define i16 @written
; CHECK: load i8
; CHECK: load i8
define i16 @written(ptr %p) {
  %a = load i8, ptr @global, align 8
  store i8 0, ptr %p
  %b = load i8, ptr getelementptr (i8, ptr @global, i64 1)
  %az = zext i8 %a to i16
  %bz = zext i8 %b to i16
  %bs = shl i16 %bz, 8
  %r = or i16 %az, %bs
  ret i16 %r
}

; What an argument points to may be a context.
; CHECK-LABEL: define i16 @context
; CHECK: load i8
; CHECK: load i8
define i16 @context(ptr align 8 %ctx) {
  %a = load i8, ptr %ctx
  %p1 = getelementptr i8, ptr %ctx, i64 1
  %b = load i8, ptr %p1
  %az = zext i8 %a to i16
  %bz = zext i8 %b to i16
  %bs = shl i16 %bz, 8
  %r = or i16 %az, %bs
  ret i16 %r
}

; The address is odd.
; CHECK-LABEL: define i16 @odd
; CHECK: load i8
; CHECK: load i8
define i16 @odd() {
  %a = load i8, ptr getelementptr (i8, ptr @global, i64 1)
  %b = load i8, ptr getelementptr (i8, ptr @global, i64 2)
  %az = zext i8 %a to i16
  %bz = zext i8 %b to i16
  %bs = shl i16 %bz, 8
  %r = or i16 %az, %bs
  ret i16 %r
}
