// A program names what it likes as its source; only files are read for its
// lines, by the compiler and where a fault is shown.
//
// RUN: timeout 60 bpfcc -c %s -o %t.o
// RUN: not timeout 60 bpfcc run %t.o --ctx 00 2> %t.err
// RUN: FileCheck %s --input-file=%t.err
// CHECK: /dev/zero:2: error: in `prog`: cannot read 8 bytes at

#line 1 "/dev/zero"
__attribute__((section("test"), used)) int prog(long *ctx) {
  return ctx[1000];
}
