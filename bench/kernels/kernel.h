// A kernel is one function `entry` from a job to a number, the same for BPF and
// for the machine itself.
#ifndef BPFCC_BENCH_KERNELS_KERNEL_H
#define BPFCC_BENCH_KERNELS_KERNEL_H

#include <linux/bpf.h>
#include <linux/types.h>

#define INPUT 16384
#define WORK 16384

/// What r1 points to: random bytes, and bytes to work in.
struct job {
  __u8 input[INPUT];
  __u8 work[WORK];
};

#define NOINLINE __attribute__((noinline))

#ifdef __bpf__
#include <bpf/bpf_helpers.h>
#define ENTRY SEC("kernel")
#else
// The program that measures points these at what the helpers do.
void *(*bpf_map_lookup_elem)(void *map, const void *key);
long (*bpf_map_update_elem)(void *map, const void *key, const void *value,
                            __u64 flags);
#define ENTRY
#define SEC(name)
#define __uint(name, value) int (*name)[value]
#define __type(name, value) value *name
#endif

static inline __attribute__((always_inline)) __u32 rotate32(__u32 x, int n) {
  return x << n | x >> (32 - n);
}
static inline __attribute__((always_inline)) __u64 rotate64(__u64 x, int n) {
  return x << n | x >> (64 - n);
}

#endif
