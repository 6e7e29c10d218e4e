// An iterator prints once, and there is nothing to wait for.
// REQUIRES: bpf
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc run --kernel %t.o --no-maps > %t.out
// RUN: FileCheck %s < %t.out
// CHECK: tasks (iter/task): attached
// CHECK-NEXT: task {{[0-9]+$}}
// CHECK: no more
// RUN: bpftool link | not grep -w iter
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("iter/task") int tasks(struct bpf_iter__task *Ctx) {
  if (Ctx->task)
    BPF_SEQ_PRINTF(Ctx->meta->seq, "task %d\n", Ctx->task->pid);
  else
    BPF_SEQ_PRINTF(Ctx->meta->seq, "no more\n");
  return 0;
}

char License[] SEC("license") = "GPL";
