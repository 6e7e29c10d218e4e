; RUN: bpfcc-prepare %s | FileCheck %s
; Memory calls of constant size become accesses as wide as alignment allows.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

@text = private constant [6 x i8] c"hello\00"

; What a constant holds is stored, not loaded; the local becomes aligned.
; CHECK-LABEL: @fromConstant
; CHECK: alloca [6 x i8], align 4
; CHECK-NOT: load
; CHECK: store i32 1819043176, ptr {{.*}}, align 4
; CHECK: store i16 111, ptr {{.*}}, align 2
define void @fromConstant() {
  %a = alloca [6 x i8], align 1
  call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr @text, i64 6, i1 false)
  call void @use(ptr %a)
  ret void
}

; CHECK-LABEL: @equal
; CHECK: load i32
; CHECK: icmp ne i32
; CHECK-NEXT: br
; CHECK: load i16
; CHECK-NOT: bswap
; CHECK: ret
define i32 @equal(ptr align 4 %a, ptr align 4 %b) {
  %r = call i32 @memcmp(ptr align 4 %a, ptr align 4 %b, i64 6)
  %c = icmp eq i32 %r, 0
  br i1 %c, label %yes, label %no
yes:
  ret i32 1
no:
  ret i32 0
}

; A target that may be above the source is written from the end.
; CHECK-LABEL: @move
; CHECK: icmp ult ptr %a, %b
; CHECK-NEXT: br
define void @move(ptr %a, ptr %b) {
  call void @llvm.memmove.p0.p0.i64(ptr align 8 %a, ptr align 8 %b, i64 64, i1 false)
  ret void
}

declare void @use(ptr)
declare i32 @memcmp(ptr, ptr, i64)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)

; A local variable is aligned for the copy, from where in it the copy starts.
; CHECK-LABEL: @intoTheMiddle
; CHECK: alloca [16 x i8], align 8
; CHECK: store volatile i16 {{.*}}, align 2
; CHECK: store volatile i32 {{.*}}, align 4
define void @intoTheMiddle(ptr align 8 %p) {
  %a = alloca [16 x i8], align 1
  %at = getelementptr i8, ptr %a, i64 6
  %from = getelementptr i8, ptr %p, i64 6
  call void @llvm.memcpy.p0.p0.i64(ptr %at, ptr %from, i64 6, i1 true)
  ret void
}
