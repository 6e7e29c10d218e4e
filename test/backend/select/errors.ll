; RUN: not bpfcc-select %s 2>&1 | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
; CHECK: error: an indirect call is not supported [BPF0610]
define i64 @indirect(ptr %f) {
  %r = call i64 %f()
  ret i64 %r
}
; CHECK: error: signed division needs -mcpu=v4 [BPF0608]
define i64 @divide(i64 %a, i64 %b) {
  %r = sdiv i64 %a, %b
  ret i64 %r
}
; CHECK: error: a memory fence is not supported [BPF0610]
define void @fence() {
  fence seq_cst
  ret void
}
; CHECK: error: floating point cannot run in BPF [BPF0601]
define double @real(double %a) {
  %r = fadd double %a, 1.0
  ret double %r
}
