// vmlinux.h is found with no flag, with either kind of quotes.
// RUN: bpfcc -fsyntax-only %s
// RUN: bpfcc -fsyntax-only -DANGLED %s
#ifdef ANGLED
#include <vmlinux.h>
#else
#include "vmlinux.h"
#endif
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

int pid(struct task_struct *task) { return BPF_CORE_READ(task, pid); }
