; RUN: bpfcc-prepare %s | FileCheck %s
; Switches, selects and truth values become branches.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: @ranges
; CHECK: icmp eq i32 %x, 9
; CHECK-NOT: switch
define i32 @ranges(i32 %x) {
  switch i32 %x, label %d [i32 1, label %a
                           i32 2, label %a
                           i32 3, label %a
                           i32 9, label %b]
a:
  ret i32 10
b:
  ret i32 20
d:
  ret i32 30
}

; Selects with one condition share a branch; what only one arm needs moves.
; CHECK-LABEL: @pair
; CHECK: br i1 %c, label %[[YES:.*]], label %[[JOIN:.*]]
; CHECK: [[YES]]:
; CHECK-NEXT: %m = mul i32 %x, %y
; CHECK-NEXT: br label %[[JOIN]]
; CHECK: [[JOIN]]:
; CHECK: phi i32
; CHECK-NEXT: phi i32
; CHECK-NOT: br i1
; CHECK: ret
define i32 @pair(i32 %x, i32 %y) {
  %m = mul i32 %x, %y
  %c = icmp ult i32 %x, %y
  %a = select i1 %c, i32 %m, i32 %y
  %b = select i1 %c, i32 %y, i32 %x
  %r = add i32 %a, %b
  ret i32 %r
}

; CHECK-LABEL: @truth
; CHECK: br i1
; CHECK: phi i32 [ 1, %{{.*}} ], [ 0, %{{.*}} ]
define i32 @truth(i32 %x) {
  %c = icmp eq i32 %x, 3
  %z = zext i1 %c to i32
  ret i32 %z
}

; CHECK-LABEL: @both
; CHECK: icmp ugt i32 %x, 5
; CHECK-NEXT: br i1
; CHECK: icmp ugt i32 %y, 5
; CHECK-NEXT: br i1
define i32 @both(i32 %x, i32 %y) {
  %a = icmp ugt i32 %x, 5
  %b = icmp ugt i32 %y, 5
  %c = and i1 %a, %b
  br i1 %c, label %t, label %f
t:
  ret i32 1
f:
  ret i32 0
}
