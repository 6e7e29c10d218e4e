; What one slot can hold is made in one slot.
; RUN: bpfcc-select %s | FileCheck %s --check-prefixes=CHECK,V3
; RUN: bpfcc-select -mcpu=2 %s | FileCheck %s --check-prefixes=CHECK,V2
; RUN: bpfcc-select -mcpu=4 %s | FileCheck %s --check-prefix=V4
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: func @wide
; V3: MOV32_RI -1
; V2: LD_IMM64 4294967295
; V4: MOV32_RI -1
define i64 @wide() {
  ret i64 4294967295
}

; CHECK-LABEL: func @lowHalf
; V3: MOV32_RR
; V2: LSH_RI
; V2-NEXT: RSH_RI
define i64 @lowHalf(i64 %a) {
  %r = and i64 %a, 4294967295
  ret i64 %r
}

; CHECK-LABEL: func @highHalf
; CHECK: RSH_RI {{.*}}, 32
; CHECK-NEXT: LSH_RI {{.*}}, 32
define i64 @highHalf(i64 %a) {
  %r = and i64 %a, -4294967296
  ret i64 %r
}

; CHECK-LABEL: func @store
; V3: [[C:%[0-9]+]] = MOV_RI 7
; V3: STXW [[P:%[0-9]+]], 4, [[C]]
; V4: STW [[P:%[0-9]+]], 4, 7
define void @store(ptr %p) {
  %q = getelementptr i8, ptr %p, i64 4
  store i32 7, ptr %q
  ret void
}
