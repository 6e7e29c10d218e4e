// bpf_throw() ends the program from any depth; an exception callback says what it
// returns.
// RUN: bpfcc --target=bpfel -O2 -g -Wno-verify -c %s -o %t.o
// RUN: bpfcc --target=bpfeb -O2 -g -Wno-verify -c %s -o %t.eb.o
// RUN: bpfcc run %t.o --prog plain --ctx 07000000 --jit=off | FileCheck %s --check-prefix=PLAIN
// RUN: bpfcc run %t.o --prog plain --ctx 07000000 --jit=template | FileCheck %s --check-prefix=PLAIN
// RUN: bpfcc run %t.o --prog plain --ctx 07000000 --jit=llvm | FileCheck %s --check-prefix=PLAIN
// RUN: bpfcc run %t.eb.o --prog plain --ctx 00000007 | FileCheck %s --check-prefix=PLAIN
// RUN: bpfcc run %t.o --prog plain --ctx 02000000 | FileCheck %s --check-prefix=QUIET
// RUN: bpfcc run %t.o --prog handled --ctx 07000000 --jit=off | FileCheck %s --check-prefix=HANDLED
// RUN: bpfcc run %t.o --prog handled --ctx 07000000 --jit=llvm | FileCheck %s --check-prefix=HANDLED
// RUN: not bpfcc run %t.o --prog again --ctx 07000000 2>&1 | FileCheck %s --check-prefix=AGAIN
// PLAIN: return 107
// PLAIN: reached = 1
// QUIET: return 2
// HANDLED: return 1107
// AGAIN: error: the exception callback `thrower` calls bpf_throw() itself
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

void bpf_throw(__u64 cookie) __ksym;

int reached;

static __attribute__((noinline)) int deep(int n) {
  reached++;
  if (n > 5)
    bpf_throw(100 + n);
  return n;
}
static __attribute__((noinline)) int middle(int *n) { return deep(*n) + 0; }

SEC("syscall") int plain(int *n) {
  int result = middle(n);
  reached += 10;
  return result;
}

int callback(__u64 cookie) { return cookie + 1000; }

SEC("syscall")
__attribute__((btf_decl_tag("exception_callback:callback")))
int handled(int *n) {
  return middle(n);
}

int thrower(__u64 cookie) {
  bpf_throw(cookie);
  return 0;
}

SEC("syscall")
__attribute__((btf_decl_tag("exception_callback:thrower")))
int again(int *n) {
  return middle(n);
}

char license[] SEC("license") = "GPL";
