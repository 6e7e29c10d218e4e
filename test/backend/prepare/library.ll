; RUN: bpfcc-prepare %s | FileCheck %s --implicit-check-not=@bpfcc.library
; Calls of functions of <string.h> that the module lacks become loops.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: @unknown
; CHECK-NOT: call
; CHECK: store i8
define void @unknown(ptr %a, ptr %b, i32 %n) {
  call void @llvm.memcpy.p0.p0.i32(ptr %a, ptr %b, i32 %n, i1 false)
  ret void
}

; CHECK-LABEL: @large
; CHECK-NOT: call
; CHECK: icmp ult i64 {{.*}}, 5000
define i32 @large(ptr %a, ptr %b) {
  %r = call i32 @bcmp(ptr %a, ptr %b, i64 5000)
  ret i32 %r
}

; CHECK-LABEL: @length
; CHECK-NOT: call
; CHECK: icmp eq i8 {{.*}}, 0
define i64 @length(ptr %a) {
  %n = call i64 @strlen(ptr %a)
  ret i64 %n
}

; One of another type is another function; so is the program's own.
; CHECK-LABEL: @own
; CHECK: call i32 @strchr(i64
; CHECK: call i32 @strcmp(ptr
define i32 @own(ptr %a) {
  %x = call i32 @strchr(i64 3)
  %y = call i32 @strcmp(ptr %a, ptr %a)
  %z = add i32 %x, %y
  ret i32 %z
}

define i32 @strcmp(ptr %a, ptr %b) {
  ret i32 7
}

; CHECK-NOT: @strlen
; CHECK: declare i32 @strchr(i64)
declare i64 @strlen(ptr)
declare i32 @strchr(i64)
declare i32 @bcmp(ptr, ptr, i64)
declare void @llvm.memcpy.p0.p0.i32(ptr, ptr, i32, i1)
