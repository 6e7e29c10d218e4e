; A loop tests the counter of its next turn, where no turn leaves the type's range.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare void @use(i64)

; CHECK-LABEL: define void @below
; CHECK: icmp ult i64 %next, 48
define void @below() {
entry:
  br label %top
top:
  %i = phi i64 [ 0, %entry ], [ %next, %top ]
  call void @use(i64 %i)
  %next = add i64 %i, 2
  %more = icmp ult i64 %i, 46
  br i1 %more, label %top, label %out
out:
  ret void
}

; CHECK-LABEL: define void @down
; CHECK: icmp slt i32 %next, 0
define void @down() {
entry:
  br label %top
top:
  %i = phi i32 [ 9, %entry ], [ %next, %top ]
  %w = zext i32 %i to i64
  call void @use(i64 %w)
  %next = add i32 %i, -1
  %done = icmp slt i32 %i, 1
  br i1 %done, label %out, label %top
out:
  ret void
}

; CHECK-LABEL: define void @equal
; CHECK: icmp eq i64 %next, 10
define void @equal(i64 %start) {
entry:
  br label %top
top:
  %i = phi i64 [ %start, %entry ], [ %next, %top ]
  call void @use(i64 %i)
  %next = add i64 %i, 1
  %done = icmp eq i64 %i, 9
  br i1 %done, label %out, label %top
out:
  ret void
}

; From the largest number the next one is 1.
; CHECK-LABEL: define void @wraps
; CHECK: icmp ult i64 %i, 46
define void @wraps(i64 %start) {
entry:
  br label %top
top:
  %i = phi i64 [ %start, %entry ], [ %next, %top ]
  call void @use(i64 %i)
  %next = add nuw i64 %i, 2
  %more = icmp ult i64 %i, 46
  br i1 %more, label %top, label %out
out:
  ret void
}

; 253 + 2 + 2 is no i8.
; CHECK-LABEL: define void @limit
; CHECK: icmp ult i8 %i, -4
define void @limit() {
entry:
  br label %top
top:
  %i = phi i8 [ 0, %entry ], [ %next, %top ]
  %w = zext i8 %i to i64
  call void @use(i64 %w)
  %next = add i8 %i, 2
  %more = icmp ult i8 %i, 252
  br i1 %more, label %top, label %out
out:
  ret void
}
