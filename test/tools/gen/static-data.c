// Sections of which user space sees no variable are maps without a structure; functions
// in .text are no programs.

// RUN: rm -rf %t && mkdir %t && bpfcc %s -o %t/x.o
// RUN: bpfcc gen skeleton %t/x.o -o %t/x.skel.h && FileCheck %s --input-file=%t/x.skel.h
// RUN: bpfcc gen skeleton -L %t/x.o -o %t/x.lskel.h && FileCheck %s --input-file=%t/x.lskel.h
// RUN: for h in x.skel.h x.lskel.h; do gcc -Wall -Werror -fsyntax-only -include errno.h -include string.h -include %t/$h -x c /dev/null || exit 1; done

// CHECK: struct x {
// CHECK-NOT: bss {
// CHECK: bss;
// CHECK: entry;
// CHECK-NOT: {{bss|helper}};
// CHECK: {{^}}};

static volatile int own;
__attribute__((noinline)) int helper(int x) { return x + own++; }
__attribute__((section("xdp"))) int entry(void *ctx) { return helper(2); }
char license[] __attribute__((section("license"))) = "GPL";
