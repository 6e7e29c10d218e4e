; Ways that bring a constant to a branch on it go where it leads, unless the branch
; heads a loop.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare void @use(i64)

; CHECK-LABEL: define i64 @both
; CHECK: a:
; CHECK: br label %yes
; CHECK: b:
; CHECK: br label %no
; CHECK-NOT: join:
; CHECK: no:
; CHECK-NEXT: call void @use(i64 4)
; CHECK-NEXT: ret i64 %y
; CHECK: }
define i64 @both(i1 %c, i64 %x, i64 %y) {
  br i1 %c, label %a, label %b
a:
  call void @use(i64 1)
  br label %join
b:
  call void @use(i64 2)
  br label %join
join:
  %r = phi i32 [ 0, %a ], [ 5, %b ]
  %v = phi i64 [ %x, %a ], [ %y, %b ]
  %t = icmp eq i32 %r, 0
  br i1 %t, label %yes, label %no
yes:
  call void @use(i64 3)
  ret i64 1
no:
  %w = phi i64 [ %v, %join ]
  call void @use(i64 4)
  ret i64 %w
}

; A value of the join is read behind it: it must still come by there.
; CHECK-LABEL: define i64 @read
; CHECK: join:
; CHECK-NEXT: phi i32
define i64 @read(i1 %c, i64 %x, i64 %y) {
  br i1 %c, label %a, label %b
a:
  call void @use(i64 1)
  br label %join
b:
  call void @use(i64 2)
  br label %join
join:
  %r = phi i32 [ 0, %a ], [ 5, %b ]
  %v = phi i64 [ %x, %a ], [ %y, %b ]
  %t = icmp eq i32 %r, 0
  br i1 %t, label %yes, label %no
yes:
  call void @use(i64 %v)
  ret i64 1
no:
  call void @use(i64 4)
  ret i64 %v
}

; CHECK-LABEL: define void @loop
; CHECK: head:
; CHECK-NEXT: phi i32 [ 0, %0 ], [ %n, %body ]
define void @loop() {
  br label %head
head:
  %r = phi i32 [ 0, %0 ], [ %n, %body ]
  %t = icmp ult i32 %r, 9
  br i1 %t, label %body, label %out
body:
  %p = call i32 asm sideeffect "$0 = 1", "=r"()
  %n = add i32 %p, 1
  br label %head
out:
  ret void
}
