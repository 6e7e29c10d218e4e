; RUN: bpfcc-select %s | FileCheck %s
; A block knows the most turns of the loops around it, multiplied, as far as
; constants bound them.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: func @nested
; CHECK: bb0:
; CHECK: bb1: {{.*}}turns 10, preds
; CHECK: bb2: {{.*}}turns 200, preds
; CHECK: bb3: {{.*}}turns 10, preds
; CHECK: bb4: preds
define void @nested(ptr %p) {
entry:
  br label %outer
outer:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  br label %inner
inner:
  %j = phi i64 [ 0, %outer ], [ %j1, %inner ]
  store volatile i64 %j, ptr %p
  %j1 = add i64 %j, 1
  %more = icmp ult i64 %j1, 20
  br i1 %more, label %inner, label %next
next:
  %i1 = add i64 %i, 1
  %again = icmp ult i64 %i1, 10
  br i1 %again, label %outer, label %end
end:
  ret void
}

; CHECK-LABEL: func @unknown
; CHECK-NOT: turns
define void @unknown(ptr %p) {
entry:
  br label %loop
loop:
  %v = load volatile i64, ptr %p
  %more = icmp ne i64 %v, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}
