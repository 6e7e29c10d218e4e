; Compares take 64 bits where both sides are extended, else the 32-bit jumps.
; RUN: bpfcc-select %s | FileCheck %s --check-prefixes=CHECK,V3
; RUN: bpfcc-select -mcpu=1 %s | FileCheck %s --check-prefixes=CHECK,V1
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: func @loaded
; V3: JLT_RI %{{[0-9]+}}, 9, bb2, bb1
; V1: JGE_RI %{{[0-9]+}}, 9, bb1, bb2
define i32 @loaded(ptr %p) {
  %x = load i32, ptr %p
  %c = icmp ult i32 %x, 9
  br i1 %c, label %a, label %b
a:
  ret i32 1
b:
  ret i32 2
}

; CHECK-LABEL: func @unknown
; V3: JSLT32_RR [[A:%[0-9]+]], [[B:%[0-9]+]], bb2, bb1
; V1-COUNT-2: ARSH_RI {{.*}}, 32
; V1: JSGT_RR
define i32 @unknown(i32 %x, i32 %y) {
  %c = icmp slt i32 %x, %y
  br i1 %c, label %a, label %b
a:
  ret i32 1
b:
  ret i32 2
}

; CHECK-LABEL: func @mask
; CHECK: arg 0
; CHECK-NEXT: JSET_RI %{{[0-9]+}}, 4, bb1, bb2
define i32 @mask(i64 %x) {
  %m = and i64 %x, 4
  %c = icmp eq i64 %m, 0
  br i1 %c, label %a, label %b
a:
  ret i32 1
b:
  ret i32 2
}

; CHECK-LABEL: func @both
; CHECK: JEQ_RI %{{[0-9]+}}, 1, [[NEXT:bb[0-9]+]], bb1
; CHECK: [[NEXT]]:
; CHECK-NEXT: JNE_RI %{{[0-9]+}}, 2, bb2, bb1
define i32 @both(i64 %x, i64 %y) {
  %c = icmp eq i64 %x, 1
  %d = icmp ne i64 %y, 2
  %e = and i1 %c, %d
  br i1 %e, label %a, label %b
a:
  ret i32 1
b:
  ret i32 2
}
