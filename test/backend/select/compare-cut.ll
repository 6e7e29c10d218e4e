; A number that is cut to 32 bits for a test alone is tested by 32 bits.
; RUN: bpfcc-select %s | FileCheck %s --check-prefixes=CHECK,V3
; RUN: bpfcc-select -mcpu=2 %s | FileCheck %s --check-prefixes=CHECK,V2
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: func @alone
; V3-NOT: MOV32_RR
; V3: J{{EQ|NE}}32_RI %{{[0-9]+}}, 9
; V2: J{{EQ|NE}}_RI
define i64 @alone(i64 %a) {
  %w = and i64 %a, 4294967295
  %c = icmp eq i64 %w, 9
  br i1 %c, label %yes, label %no
yes:
  ret i64 1
no:
  ret i64 2
}

; What is used behind the test is tested as a whole.
; CHECK-LABEL: func @used
; V3: J{{EQ|NE|LT|GE|GT|LE}}_RI
define i64 @used(i64 %a) {
  %w = and i64 %a, 4294967295
  %c = icmp ult i64 %w, 9
  br i1 %c, label %yes, label %no
yes:
  ret i64 %w
no:
  ret i64 2
}
