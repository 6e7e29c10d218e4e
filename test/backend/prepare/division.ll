; RUN: bpfcc-prepare -mcpu=3 %s | FileCheck %s --check-prefixes=CHECK,V3
; RUN: bpfcc-prepare -mcpu=4 %s | FileCheck %s --check-prefixes=CHECK,V4
; Signed division exists from level 4 on, at 32 and 64 bits.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: @general
; V3: udiv i32
; V3-NOT: sdiv
; V4: sdiv i32 %x, %y
define i32 @general(i32 %x, i32 %y) {
  %q = sdiv i32 %x, %y
  ret i32 %q
}

; CHECK-LABEL: @narrow
; V4: srem i32
define i8 @narrow(i8 %x, i8 %y) {
  %q = srem i8 %x, %y
  ret i8 %q
}

; A verifier can follow 128 rounds.
; CHECK-LABEL: @wide
; CHECK: phi i64 [ 128, {{.*}} ]
; CHECK: ret
define i64 @wide(ptr %p, ptr %q) {
  %x = load i128, ptr %p
  %y = load i128, ptr %q
  %d = udiv i128 %x, %y
  %t = trunc i128 %d to i64
  ret i64 %t
}
