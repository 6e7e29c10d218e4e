; Copies beside each other are joined, unless the second reads what the first writes.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
@g = global [64 x i8] zeroinitializer, align 8

; CHECK-LABEL: define void @apart
; CHECK: load i64
; CHECK: load i32
; CHECK-NOT: load
; CHECK: ret
define void @apart() {
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 @g, ptr align 8 getelementptr (i8, ptr @g, i64 32), i64 6, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 2 getelementptr (i8, ptr @g, i64 6), ptr align 2 getelementptr (i8, ptr @g, i64 38), i64 6, i1 false)
  ret void
}

; CHECK-LABEL: define void @overlap
; CHECK: load i32
; CHECK-COUNT-4: load i16
; CHECK-NOT: load
; CHECK: ret
define void @overlap() {
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 getelementptr (i8, ptr @g, i64 8), ptr align 8 @g, i64 6, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 2 getelementptr (i8, ptr @g, i64 14), ptr align 2 getelementptr (i8, ptr @g, i64 6), i64 6, i1 false)
  ret void
}

; CHECK-LABEL: define void @between
; CHECK-NOT: load i64
; CHECK: ret
define void @between() {
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 @g, ptr align 8 getelementptr (i8, ptr @g, i64 32), i64 6, i1 false)
  store volatile i8 7, ptr getelementptr (i8, ptr @g, i64 39)
  call void @llvm.memcpy.p0.p0.i64(ptr align 2 getelementptr (i8, ptr @g, i64 6), ptr align 2 getelementptr (i8, ptr @g, i64 38), i64 6, i1 false)
  ret void
}

; A whole memcpy() may not overlap, though its parts did not.
; CHECK-LABEL: define void @first_source
; CHECK-NOT: load i64
; CHECK: ret
define void @first_source() {
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 @g, ptr align 2 getelementptr (i8, ptr @g, i64 6), i64 6, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr align 2 getelementptr (i8, ptr @g, i64 6), ptr align 2 getelementptr (i8, ptr @g, i64 12), i64 6, i1 false)
  ret void
}
