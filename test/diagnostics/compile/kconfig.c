// What a kernel's configuration decides is not known when compiling.
// RUN: bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK:     note: cannot be judged: {{.*}}`CONFIG_BPF_SYSCALL` has no value
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern _Bool CONFIG_BPF_SYSCALL __kconfig;

SEC("xdp") int prog(struct xdp_md *ctx) { return CONFIG_BPF_SYSCALL ? XDP_PASS : XDP_DROP; }
