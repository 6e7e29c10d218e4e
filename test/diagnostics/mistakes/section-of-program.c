// A misspelt section of a program.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     section-of-program.c:15:{{([0-9]+:)?}} error: section `tracepont/syscalls/sys_enter_openat` names no program type [BPF0120
// CHECK:     help: did you mean `tracepoint`?
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef FIXED
SEC("tracepoint/syscalls/sys_enter_openat")
#else
SEC("tracepont/syscalls/sys_enter_openat")
#endif
int prog(void *ctx) { return 0; }
