; A CO-RE offset goes into the access that it leads to, alone.
; RUN: bpfcc-select %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare i64 @"bpfcc.core.0.2460.0:9#1"()
declare i64 @"bpfcc.core.11.-3.1#2"()

; CHECK-LABEL: func @read
; CHECK: ADD_RI %{{[0-9]+}}, core{{[0-9]+}}, 2460
; CHECK: LDXW %{{[0-9]+}}, 2460, core{{[0-9]+}}
; CHECK: LD_IMM64 core{{[0-9]+}}, -3
define i64 @read(ptr %task, ptr %out) {
  %o = call i64 @"bpfcc.core.0.2460.0:9#1"()
  %p = getelementptr i8, ptr %task, i64 %o
  %v = load i32, ptr %p
  store ptr %p, ptr %out
  %e = call i64 @"bpfcc.core.11.-3.1#2"()
  %z = zext i32 %v to i64
  %s = add i64 %z, %e
  ret i64 %s
}
