; Packet checks stay pointer compares; field accesses keep their offset from the
; packet pointer; early exits with one value share a block.
; RUN: bpfcc-select %s | FileCheck %s
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

; CHECK-LABEL: func @xdp section "xdp" global result
; CHECK: [[CTX:%[0-9]+]] = arg 0
; CHECK-NEXT: [[END:%[0-9]+]] = LDXW [[CTX]], 4
; CHECK-NEXT: [[DATA:%[0-9]+]] = LDXW [[CTX]], 0
; CHECK-NEXT: [[LIMIT:%[0-9]+]] = ADD_RI [[DATA]], 14
; CHECK-NEXT: JGT_RR [[LIMIT]], [[END]], [[EXIT:bb[0-9]+]],
; CHECK: [[PROTO:%[0-9]+]] = LDXH [[DATA]], 12
; CHECK-NEXT: JNE_RI [[PROTO]], 8, [[EXIT]],
; CHECK: [[EXIT]]:
; CHECK-NEXT: MOV_RI 1
; CHECK-NEXT: JA
define i32 @xdp(ptr %ctx) section "xdp" {
  %endp = getelementptr i8, ptr %ctx, i64 4
  %end32 = load i32, ptr %endp
  %data32 = load i32, ptr %ctx
  %end64 = zext i32 %end32 to i64
  %end = inttoptr i64 %end64 to ptr
  %data64 = zext i32 %data32 to i64
  %data = inttoptr i64 %data64 to ptr
  %eth = getelementptr i8, ptr %data, i64 14
  %short = icmp ugt ptr %eth, %end
  br i1 %short, label %out, label %type
type:
  %protop = getelementptr i8, ptr %data, i64 12
  %proto = load i16, ptr %protop
  %other = icmp ne i16 %proto, 8
  br i1 %other, label %out, label %ip
ip:
  br label %out
out:
  %r = phi i32 [ 1, %0 ], [ 1, %type ], [ 2, %ip ]
  ret i32 %r
}
