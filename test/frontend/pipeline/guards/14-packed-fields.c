// Class 14: a packed field of a packet is one load where the machine takes it.
// RUN: bpfcc -mcpu=v3 -D__TARGET_ARCH_x86 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: bpfcc -mcpu=v3 -c %s -o %t.off.o
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct __attribute__((packed)) header {
  unsigned char Kind;
  unsigned Value;
  unsigned long Long;
};
// CHECK-DAG: *(u32 *)(r{{[0-9]}} + 0x1)
// CHECK-DAG: *(u64 *)(r{{[0-9]}} + 0x5)
// OFF-COUNT-12: *(u8 *)(r
SEC("xdp") int program(struct xdp_md *Ctx) {
  struct header *H = (void *)(long)Ctx->data;
  if (H + 1 > (struct header *)(long)Ctx->data_end)
    return 1;
  return (H->Value + H->Long) % 3;
}
