// The name in C is the file's, or the one that is given.

// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc %s -o %t/9-drop.all.o
// RUN: bpfcc gen skeleton %t/9-drop.all.o | FileCheck %s --check-prefix=FILE
// RUN: bpfcc gen skeleton %t/9-drop.all.o name my.name | FileCheck %s --check-prefix=GIVEN
// FILE: #ifndef ___9_DROP_ALL_SKEL_H__
// FILE: struct _9_drop_all {
// GIVEN: my_name__open_and_load(void)

__attribute__((section("xdp"))) int drop(void *ctx) { return 1; }
