// Programs on the system calls of a command: by name and all of them, on the
// way in and out, with the memory of the process, its threads and children.
// RUN: bpfcc %s -c -o %t.o
// RUN: clang -pthread %S/Inputs/calls.c -o %t.exe
// RUN: bpfcc run %t.o -- %t.exe %t.text > %t.out; test $? = 7
// RUN: FileCheck %s < %t.out
// RUN: bpfcc run %t.o --jit=off --format json -- %t.exe %t.text > %t.json; test $? = 7
// RUN: FileCheck %s --check-prefix=JSON < %t.json
// RUN: bpfcc run %t.o --prog on_open -- sh -c 'kill -9 $$' > %t.out; test $? = 137
//
// CHECK: on_open (tp/syscalls/sys_enter_openat): {{[0-9]+}} runs
// CHECK: on_exit (tp/syscalls/sys_exit_openat)
// CHECK: on_write (raw_tp/sys_enter)
// CHECK: on_any (tracepoint/raw_syscalls/sys_exit)
// CHECK-DAG: opened = 1
// CHECK-DAG: refused = -2
// CHECK-DAG: from_child = 3
// CHECK-DAG: from_thread = 2
// CHECK-DAG: written = 5
// CHECK-DAG: text = "hallo"
// CHECK-DAG: name = "{{.*}}"
// CHECK-DAG: same_pid = 1
// JSON: "program": "on_any"
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

int opened, from_child, from_thread, written, same_pid;
long refused;
char text[8], name[16];
char license[] SEC("license") = "GPL";

SEC("tp/syscalls/sys_enter_openat")
int on_open(struct trace_event_raw_sys_enter *ctx) {
  char path[32] = {};
  bpf_probe_read_user_str(path, sizeof path, (void *)ctx->args[1]);
  if (!bpf_strncmp(path, 12, "/nonexistent"))
    opened++;
  return 0;
}

SEC("tp/syscalls/sys_exit_openat")
int on_exit(struct trace_event_raw_sys_exit *ctx) {
  if (ctx->ret == -2)
    refused = ctx->ret;
  return 0;
}

SEC("raw_tp/sys_enter")
int on_write(struct bpf_raw_tracepoint_args *ctx) {
  struct pt_regs *regs = (void *)ctx->args[0];
  if (ctx->args[1] != 1 || PT_REGS_PARM1_CORE_SYSCALL(regs) != 9)
    return 0;
  written = PT_REGS_PARM3_CORE_SYSCALL(regs);
  bpf_probe_read_user(text, 5, (void *)PT_REGS_PARM2_CORE_SYSCALL(regs));
  bpf_get_current_comm(name, sizeof name);
  return 0;
}

SEC("tracepoint/raw_syscalls/sys_exit")
int on_any(struct trace_event_raw_sys_exit *ctx) {
  __u64 id = bpf_get_current_pid_tgid();
  if (ctx->id == 39 && ctx->ret == id >> 32) // getpid
    same_pid = 1;
  if (ctx->id == 186 && ctx->ret == (__u32)id) { // gettid
    if (id >> 32 != (__u32)id)
      from_thread++;
    else
      from_child++;
  }
  return 0;
}
