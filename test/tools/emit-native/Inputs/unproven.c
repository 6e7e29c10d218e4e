#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// r7 is written on one way only.
SEC("raw_tp/x") __attribute__((naked)) int unproven(void *ctx) {
  asm volatile("r2 = *(u64 *)(r1 + 0)\n"
               "if r2 == 0 goto +1\n"
               "r7 = 1\n"
               "r0 = r7\n"
               "exit");
}

char license[] SEC("license") = "GPL";
