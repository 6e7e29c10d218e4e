// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     section-name.c:{{[0-9]+}}:{{.*}}warning: section `tracepont/syscalls/sys_enter_openat` names no program type
// CHECK:     help: did you mean `tracepoint`?
// CHECK-NOT: {{error|warning}}:
// CHECK:     unjudged

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
SEC("tracepoint/syscalls/sys_enter_openat")
#else
SEC("tracepont/syscalls/sys_enter_openat")
#endif
int prog(void *ctx) { return 0; }
