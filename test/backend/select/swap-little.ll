; RUN: bpfcc-select %s | FileCheck %s --check-prefix=V3
; RUN: bpfcc-select -mcpu=4 %s | FileCheck %s --check-prefix=V4
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
; V3: BE16
; V4: BSWAP16
define zeroext i16 @f(i16 zeroext %x) {
  %r = call i16 @llvm.bswap.i16(i16 %x)
  ret i16 %r
}
