; C for BPF has no thread-local variables, but IR can.
; RUN: not bpfcc -c %s -o %t.o 2>&1 | FileCheck %s
; CHECK: error: thread-local variable `count` cannot exist in BPF [BPF0612]
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "bpfel"
@count = thread_local global i32 0
define i32 @next() {
  %c = load i32, ptr @count
  ret i32 %c
}
