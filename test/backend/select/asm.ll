; RUN: bpfcc-select %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: func @tied
; CHECK: inline_asm
define i64 @tied(i64 %x) {
  %r = call i64 asm sideeffect "$0 += $1", "=r,i,0,~{r3},~{memory}"(i64 5, i64 %x)
  ret i64 %r
}

; CHECK-LABEL: func @jump
; CHECK: inline_asm
; CHECK-SAME: bb
define i32 @jump(i64 %x) {
  callbr void asm sideeffect "if $0 == 3 goto ${1:l}", "r,!i"(i64 %x)
          to label %no [label %yes]
no:
  ret i32 0
yes:
  ret i32 1
}

; Helpers are constants too.
; CHECK-LABEL: func @helper
; CHECK: inline_asm
define void @helper() {
  call void asm sideeffect "call $0", "i,~{r0}"(ptr inttoptr (i64 5 to ptr))
  ret void
}

; An output that may stand in a register goes to memory afterwards.
; CHECK-LABEL: func @sink
; CHECK: [[R:%[0-9]+]] = inline_asm [[X:%[0-9]+]], asm0
; CHECK-NEXT: STXDW %{{[0-9]+}}, 0, [[R]]
define void @sink(ptr %p, i64 %x) {
  call void asm sideeffect "", "=*imr,0"(ptr elementtype(i64) %p, i64 %x)
  ret void
}
