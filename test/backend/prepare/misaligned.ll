; RUN: bpfcc-prepare --misaligned %s | FileCheck %s
; RUN: bpfcc-prepare %s | FileCheck %s --check-prefix=STRICT
; Accesses are as wide as their values only where the verifier takes that.
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"

@data = global [64 x i8] zeroinitializer, align 1
@kernel = external global [64 x i8], section ".ksyms", align 1

; CHECK-LABEL: @packet
; CHECK: load i64, ptr %p
; STRICT-LABEL: @packet
; STRICT: load i8, ptr %p
define i64 @packet(ptr %ctx) {
  %d = load i32, ptr %ctx
  %n = zext i32 %d to i64
  %p = inttoptr i64 %n to ptr
  %v = load i64, ptr %p, align 1
  ret i64 %v
}

; CHECK-LABEL: @mapValue
; CHECK: phi ptr
; CHECK: load i64, ptr
define i64 @mapValue(ptr %ctx, i1 %which) {
  %v = call ptr inttoptr (i64 1 to ptr)(ptr null, ptr null)
  br i1 %which, label %a, label %b
a:
  br label %b
b:
  %p = phi ptr [ @data, %0 ], [ %v, %a ]
  %at = getelementptr i8, ptr %p, i64 3
  %r = load i64, ptr %at, align 1
  ret i64 %r
}

; The verifier wants the stack aligned, whatever else a pointer may point to.
; CHECK-LABEL: @stackOrPacket
; CHECK: load i8, ptr %at
define i64 @stackOrPacket(ptr %ctx, i1 %which, i64 %by) {
  %a = alloca [64 x i8], align 8
  call void inttoptr (i64 4 to ptr)(ptr %a, i32 64, ptr null)
  br i1 %which, label %x, label %y
x:
  br label %y
y:
  %p = phi ptr [ @data, %0 ], [ %a, %x ]
  %at = getelementptr i8, ptr %p, i64 %by
  %r = load i64, ptr %at, align 1
  ret i64 %r
}

; CHECK-LABEL: @context
; CHECK: load i16, ptr %ctx
define i32 @context(ptr %ctx) {
  %r = load i32, ptr %ctx, align 2
  ret i32 %r
}

; CHECK-LABEL: @kernelVariable
; CHECK: load i8, ptr @kernel
define i64 @kernelVariable() {
  %r = load i64, ptr @kernel, align 1
  ret i64 %r
}

; What a pointer of the kernel's points to has members of its own.
; CHECK-LABEL: @loaded
; CHECK: load i16, ptr %p
define i32 @loaded() {
  %p = load ptr, ptr @data, align 8
  %r = load i32, ptr %p, align 2
  ret i32 %r
}

; A static function may be given more than one kind.
; CHECK-LABEL: @takesData
; CHECK: load i32, ptr %p
define internal i32 @takesData(ptr %p) noinline {
  %r = load i32, ptr %p, align 1
  ret i32 %r
}

; CHECK-LABEL: @takesBoth
; CHECK: load i8, ptr %p
define internal i32 @takesBoth(ptr %p) noinline {
  %r = load i32, ptr %p, align 1
  ret i32 %r
}

define i32 @calls(ptr %ctx) {
  %a = call i32 @takesData(ptr getelementptr (i8, ptr @data, i64 5))
  %b = call i32 @takesBoth(ptr @data)
  %c = call i32 @takesBoth(ptr %ctx)
  %s = add i32 %a, %b
  %t = add i32 %s, %c
  ret i32 %t
}

; CHECK-LABEL: @copy
; CHECK: load i64, ptr %p, align 8
; CHECK: load i32, ptr
; CHECK: load i16, ptr
define void @copy(ptr %ctx) {
  %d = load i32, ptr %ctx
  %n = zext i32 %d to i64
  %p = inttoptr i64 %n to ptr
  call void @llvm.memcpy.p0.p0.i64(ptr align 1 @data, ptr align 1 %p, i64 14, i1 false)
  ret void
}

; Atomic operations want alignment everywhere.
; CHECK-LABEL: @atomic
; CHECK: load atomic i32, ptr @data monotonic, align 4
define i32 @atomic() {
  %r = load atomic i32, ptr @data monotonic, align 4
  ret i32 %r
}
