// Verifiers take no exclusive or of two pointers into a packet.
// RUN: bpfcc -Werror=verify -c %s -o %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// CHECK-NOT: ^=
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int some(struct xdp_md *ctx) { return ctx->data != ctx->data_end; }
SEC("xdp") int none(struct xdp_md *ctx) { return ctx->data == ctx->data_end; }
