; Truth values that are stored or returned are signs of differences; the others, of
; which a verifier may have to know more, are branches.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: define i32 @below
; CHECK: [[D:%.*]] = sub i64 {{%.*}}, {{%.*}}
; CHECK: lshr i64 [[D]], 63
; CHECK-NOT: br
; CHECK: ret
define i32 @below(ptr %p, ptr %q) {
  %a = load i32, ptr %p
  %b = load i32, ptr %q
  %c = icmp ult i32 %a, %b
  %t = zext i1 %c to i32
  ret i32 %t
}

; CHECK-LABEL: define void @isZero
; CHECK: sub i64 {{%.*}}, 1
; CHECK: lshr i64 {{%.*}}, 63
; CHECK-NOT: br
define void @isZero(ptr %p, ptr %q) {
  %a = load i16, ptr %p
  %c = icmp eq i16 %a, 0
  %t = zext i1 %c to i8
  store i8 %t, ptr %q
  ret void
}

; The caller may have checked the number by this.
; CHECK-LABEL: define internal i32 @isInside
; CHECK: br i1
define internal i32 @isInside(ptr %p) {
  %a = load i32, ptr %p
  %c = icmp ult i32 %a, 9
  %t = zext i1 %c to i32
  ret i32 %t
}

; CHECK-LABEL: define i32 @index
; CHECK: br i1
define i32 @index(ptr %p) {
  %r = call i32 @isInside(ptr %p)
  %c = icmp ult i32 %r, 9
  %a = load i32, ptr %p
  %d = icmp ult i32 %a, 9
  %t = zext i1 %d to i64
  %q = getelementptr i32, ptr %p, i64 %t
  %v = load i32, ptr %q
  ret i32 %v
}

; What lies above 32 bits is not known, and 2^63 has a sign.
; CHECK-LABEL: define i32 @unknown
; CHECK: br i1
define i32 @unknown(i32 %a) {
  %c = icmp ult i32 %a, 9
  %t = zext i1 %c to i32
  ret i32 %t
}
; CHECK-LABEL: define i32 @large
; CHECK: br i1
define i32 @large(ptr %p) {
  %a = load i64, ptr %p
  %c = icmp ult i64 %a, 9
  %t = zext i1 %c to i32
  ret i32 %t
}
