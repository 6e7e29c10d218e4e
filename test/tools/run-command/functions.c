// Programs at functions of a command and of its libraries: arguments, results,
// recursion, threads that call at the same time, children. After SIGINT the command goes on without them.
// REQUIRES: x86-64
// RUN: bpfcc -D__TARGET_ARCH_x86 %s -c -o %t.o
// RUN: clang -O0 -pthread %S/Inputs/functions.c -o %t.exe
// RUN: bpfcc run %t.o -- %t.exe > %t.out; test $? = 9
// RUN: FileCheck %s < %t.out
// RUN: rm -f %t.begun %t.done
// RUN: sh -c 'bpfcc run %t.o --no-maps -- %t.exe %t.begun %t.done & until test -f %t.begun; do sleep 0.05; done; kill -INT $!; wait $!; test $? = 130 && ! test -f %t.done' | FileCheck %s --check-prefix=STOP
// RUN: sh -c 'for i in $(seq 100); do sleep 0.2; test -f %t.done && exit 0; done; exit 1'
// RUN: bpfcc -DMISSING -D__TARGET_ARCH_x86 %s -c -o %t.missing.o
// RUN: not bpfcc run %t.missing.o -- %t.exe 2>&1 | FileCheck %s --check-prefix=MISSING
//
// CHECK: at_factorial (uprobe//proc/self/exe:factorial): 10 runs
// CHECK: after_factorial (uretprobe//proc/self/exe:factorial): 10 runs
// CHECK: at_work (uprobe//proc/self/exe:work): 2000 runs
// CHECK: after_work (uretprobe//proc/self/exe:work): 2000 runs
// CHECK: at_child (uprobe//proc/self/exe:child): 1 run
// CHECK: at_puts (uprobe/libc.so.6:puts): 2 runs
// CHECK-DAG: arguments = 55
// CHECK-DAG: largest = 3628800
// CHECK-DAG: differences = 0
// CHECK-DAG: text = "hello"
// STOP: at_work (uprobe//proc/self/exe:work): {{[1-9][0-9]*}} run
// MISSING: error: `{{.*}}.exe`: holds no function `absent`
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

long arguments, largest, work, differences;
char text[8];
char license[] SEC("license") = "GPL";

SEC("uprobe//proc/self/exe:factorial") int at_factorial(struct pt_regs *ctx) {
  arguments += PT_REGS_PARM1(ctx);
  return 0;
}
SEC("uretprobe//proc/self/exe:factorial") int after_factorial(struct pt_regs *ctx) {
  long result = PT_REGS_RC(ctx);
  largest = result > largest ? result : largest;
  return 0;
}

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, __u64);
  __type(value, __u64);
} running SEC(".maps");

// work(n) gives 3n, in each thread.
SEC("uprobe//proc/self/exe:work") int at_work(struct pt_regs *ctx) {
  __u64 id = bpf_get_current_pid_tgid(), n = PT_REGS_PARM1(ctx);
  bpf_map_update_elem(&running, &id, &n, BPF_ANY);
  return 0;
}
SEC("uretprobe//proc/self/exe:work") int after_work(struct pt_regs *ctx) {
  __u64 id = bpf_get_current_pid_tgid();
  __u64 *n = bpf_map_lookup_elem(&running, &id);
  differences += !n || 3 * *n != PT_REGS_RC(ctx);
  return 0;
}

SEC("uprobe//proc/self/exe:child") int at_child(struct pt_regs *ctx) { return 0; }

SEC("uprobe/libc.so.6:puts") int at_puts(struct pt_regs *ctx) {
  bpf_probe_read_user_str(text, sizeof text, (void *)PT_REGS_PARM1(ctx));
  return 0;
}
#ifdef MISSING
SEC("uprobe//proc/self/exe:absent") int at_absent(struct pt_regs *ctx) { return 0; }
#endif
