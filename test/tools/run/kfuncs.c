// Kernel functions that have a meaning in user space run there; the others say
// so.
// RUN: bpfcc --target=bpfel -O2 -c %s -o %t.o
// RUN: bpfcc --target=bpfeb -O2 -c %s -o %t.eb.o
// RUN: bpfcc run %t.o --prog sum --data 010203 --jit=off | FileCheck %s
// RUN: bpfcc run %t.o --prog sum --data 010203 --jit=template | FileCheck %s
// RUN: bpfcc run %t.eb.o --prog sum --data 010203 | FileCheck %s
// RUN: not bpfcc run %t.o --prog task --data 010203 2> %t.err
// RUN: FileCheck %s --check-prefix=TASK < %t.err
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

// CHECK: XDP_PASS {{ *}}1
// CHECK: total = 6
// TASK: `bpf_task_acquire` exists in the kernel only

struct bpf_iter_num {
  __u64 opaque;
} __attribute__((aligned(8)));
int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
int bpf_dynptr_from_xdp(struct xdp_md *ctx, __u64 flags,
                        struct bpf_dynptr *ptr) __ksym;
void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 at, void *space,
                       __u32 size) __ksym;
void *bpf_task_acquire(void *task) __ksym;

int total;

SEC("xdp") int sum(struct xdp_md *ctx) {
  struct bpf_iter_num it;
  struct bpf_dynptr packet;
  int *number;
  bpf_dynptr_from_xdp(ctx, 0, &packet);
  bpf_iter_num_new(&it, 0, 100);
  while ((number = bpf_iter_num_next(&it))) {
    unsigned char *byte = bpf_dynptr_slice(&packet, *number, 0, 1);
    if (byte)
      total += *byte;
  }
  bpf_iter_num_destroy(&it);
  return XDP_PASS;
}

SEC("xdp") int task(struct xdp_md *ctx) {
  return bpf_task_acquire(ctx) ? XDP_PASS : XDP_DROP;
}
char LICENSE[] SEC("license") = "GPL";
