; An extension is emitted only where a use needs it and the maker did not do it.
; RUN: bpfcc-select %s | FileCheck %s --check-prefixes=CHECK,V3
; RUN: bpfcc-select -mcpu=2 %s | FileCheck %s --check-prefixes=CHECK,V2
; RUN: bpfcc-select -mcpu=4 %s | FileCheck %s --check-prefixes=CHECK,V4
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: func @fromMemory
; CHECK: [[B:%[0-9]+]] = LDXB
; CHECK-NEXT: EXIT [[B]]
define i64 @fromMemory(ptr %p) {
  %b = load i8, ptr %p
  %z = zext i8 %b to i64
  ret i64 %z
}

; CHECK-LABEL: func @fromArgument
; V3: MOV32_RR
; V2: LSH_RI {{.*}}, 32
; V2-NEXT: RSH_RI {{.*}}, 32
; CHECK: EXIT
define i64 @fromArgument(i32 %a) {
  %z = zext i32 %a to i64
  ret i64 %z
}

; CHECK-LABEL: func @signed
; V4: LDXSH
; V3: LDXH
; V3-NEXT: LSH_RI {{.*}}, 48
; V3-NEXT: ARSH_RI {{.*}}, 48
; CHECK: EXIT
define i64 @signed(ptr %p) {
  %h = load i16, ptr %p
  %s = sext i16 %h to i64
  ret i64 %s
}

; A frozen value must be one value: what nuw promised does not hold for poison.
; CHECK-LABEL: func @frozen
; CHECK: ADD{{.*}}_RI {{.*}}, 1
; CHECK-NEXT: AND_RI {{.*}}, 255
define i64 @frozen(ptr %p) {
  %b = load i8, ptr %p
  %n = add nuw i8 %b, 1
  %f = freeze i8 %n
  %z = zext i8 %f to i64
  ret i64 %z
}
