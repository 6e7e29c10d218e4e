; RUN: bpfcc-prepare %s | FileCheck %s
; What fits no register is passed in several, or on the caller's stack.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

%big = type { [24 x i8] }

; CHECK: define i64 @pair(i64 %0, i64 %1)
define i64 @pair([2 x i64] %s) {
  %a = extractvalue [2 x i64] %s, 0
  %b = extractvalue [2 x i64] %s, 1
  %c = add i64 %a, %b
  ret i64 %c
}

; The caller may leave anything above the 24 bits.
; CHECK: define i64 @three(i64 %0)
; CHECK-NEXT: and i64 %0, 16777215
define i24 @three(i24 %s) {
  ret i24 %s
}

; CHECK: define internal void @wide(ptr %0, i64 %x)
; CHECK-NEXT: store i64 %x, ptr %0, align 8
define internal i128 @wide(i64 %x) {
  %w = zext i64 %x to i128
  ret i128 %w
}

; CHECK: define internal void @memory(ptr %r, ptr align 8 %a)
define internal void @memory(ptr sret(%big) %r, ptr byval(%big) align 8 %a) {
  %v = load i64, ptr %a
  store i64 %v, ptr %r
  ret void
}

; CHECK-LABEL: @caller
; One local is the copy, and then holds the result of the other call.
; CHECK: [[COPY:%.*]] = alloca %big, align 16
; CHECK: call void @memory(ptr %a, ptr align 8 [[COPY]])
; CHECK: call void @wide(ptr [[COPY]], i64 7)
; CHECK: load i64, ptr [[COPY]]
define i64 @caller(ptr %a) {
  call void @memory(ptr sret(%big) %a, ptr byval(%big) align 8 %a)
  %w = call i128 @wide(i64 7)
  %t = trunc i128 %w to i64
  ret i64 %t
}

; Callers elsewhere make the copy.
; CHECK: define void @global(ptr align 8 %a)
define void @global(ptr byval(%big) align 8 %a) {
  ret void
}

; What has no register is kept where the fifth argument points, eight bytes each.
; CHECK: define internal i32 @six(ptr %a, i64 %b, i64 %c, i64 %d, ptr %0)
; CHECK-NEXT: [[E:%.*]] = load i64, ptr %0, align 8
; CHECK-NEXT: trunc i64 [[E]] to i32
; CHECK-NEXT: [[AT:%.*]] = getelementptr inbounds {{.*}}i64, ptr %0, i64 1
; CHECK-NEXT: load ptr, ptr [[AT]], align 8
define internal i32 @six(ptr %a, i64 %b, i64 %c, i64 %d, i32 %e, ptr %f) {
  %g = load i32, ptr %f
  %h = add i32 %e, %g
  ret i32 %h
}

; CHECK-LABEL: @callSix
; CHECK: [[REST:%.*]] = alloca [2 x i64]
; CHECK: store i64 7, ptr [[REST]], align 8
; CHECK: store ptr %a, ptr {{.*}}, align 8
; CHECK: call i32 @six(ptr %a, i64 1, i64 2, i64 3, ptr [[REST]])
define i32 @callSix(ptr %a) {
  %r = call i32 @six(ptr %a, i64 1, i64 2, i64 3, i32 7, ptr %a)
  ret i32 %r
}
