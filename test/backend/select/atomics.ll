; RUN: bpfcc-select %s | FileCheck %s
; RUN: not bpfcc-select -mcpu=2 %s 2>&1 | FileCheck %s --check-prefix=V2
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
; V2: error: an atomic operation whose result is used needs -mcpu=v3 or later [BPF0102]
; V2: error: an atomic compare-and-exchange needs -mcpu=v3 or later [BPF0102]

; CHECK-LABEL: func @relaxed
; CHECK: ATOMIC_ADD64 %{{[0-9]+}}, 8, %{{[0-9]+}}
define void @relaxed(ptr %p, i64 %v) {
  %q = getelementptr i8, ptr %p, i64 8
  %o = atomicrmw add ptr %q, i64 %v monotonic
  ret void
}

; CHECK-LABEL: func @fetch
; CHECK: NEG32
; CHECK-NEXT: FETCH_ADD32
define i32 @fetch(ptr %p, i32 %v) {
  %o = atomicrmw sub ptr %p, i32 %v seq_cst
  ret i32 %o
}

; CHECK-LABEL: func @exchange
; CHECK: [[OLD:%[0-9]+]] = CMPXCHG64 %{{[0-9]+}}, 0, %{{[0-9]+}}, [[E:%[0-9]+]]
; CHECK-NEXT: JEQ_RR [[OLD]], [[E]]
define i32 @exchange(ptr %p, i64 %e, i64 %n) {
  %x = cmpxchg ptr %p, i64 %e, i64 %n seq_cst seq_cst
  %ok = extractvalue { i64, i1 } %x, 1
  br i1 %ok, label %a, label %b
a:
  ret i32 1
b:
  ret i32 0
}
