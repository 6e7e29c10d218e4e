; RUN: bpfcc-select %s | FileCheck %s
target datalayout = "E-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
; CHECK: LE32
; CHECK-NEXT: EXIT
define i32 @f(i32 %x) {
  %r = call i32 @llvm.bswap.i32(i32 %x)
  ret i32 %r
}
