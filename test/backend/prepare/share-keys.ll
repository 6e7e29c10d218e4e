; Keys that hold the same constant, and are only read, are one object.
; RUN: bpfcc-prepare %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
declare ptr @lookup(ptr)

; CHECK-LABEL: define ptr @shared
; CHECK: [[K:%.*]] = alloca i32
; CHECK-NOT: alloca
; CHECK: store i32 0, ptr [[K]]
; CHECK-NOT: store
; CHECK: ret ptr
define ptr @shared() {
  %a = alloca i32
  %b = alloca i32
  store i32 0, ptr %a
  store i32 0, ptr %b
  %x = call ptr @lookup(ptr readonly captures(none) %a)
  %y = call ptr @lookup(ptr readonly captures(none) %b)
  ret ptr %y
}

; CHECK-LABEL: define ptr @differ
; CHECK: store i32 0
; CHECK: store i32 1
define ptr @differ() {
  %a = alloca i32
  %b = alloca i32
  store i32 0, ptr %a
  store i32 1, ptr %b
  %x = call ptr @lookup(ptr readonly captures(none) %a)
  %y = call ptr @lookup(ptr readonly captures(none) %b)
  ret ptr %y
}

; CHECK-LABEL: define ptr @written
; CHECK: store i32 0
; CHECK: store i32 0
define ptr @written() {
  %a = alloca i32
  %b = alloca i32
  store i32 0, ptr %a
  store i32 0, ptr %b
  %x = call ptr @lookup(ptr %a)
  %y = call ptr @lookup(ptr readonly captures(none) %b)
  ret ptr %y
}

; Neither is set before the other.
; CHECK-LABEL: define ptr @sides
; CHECK: store i32 0
; CHECK: store i32 0
define ptr @sides(i1 %c) {
  %a = alloca i32
  %b = alloca i32
  br i1 %c, label %yes, label %no
yes:
  store i32 0, ptr %a
  %x = call ptr @lookup(ptr readonly captures(none) %a)
  ret ptr %x
no:
  store i32 0, ptr %b
  %y = call ptr @lookup(ptr readonly captures(none) %b)
  ret ptr %y
}
