// Arguments of helpers: the same random numbers in the kernel and in user
// space, for the state is a variable of the program.
#ifndef RANDOM_H
#define RANDOM_H

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

__u64 State;
__u8 Out[64];

static __always_inline __u32 random(void) {
  State = State * 6364136223846793005ull + 1442695040888963407ull;
  return State >> 33;
}

static __always_inline __u32 below(__u32 Limit) { return random() % Limit; }

/// Mostly small, now and then of any size.
static __always_inline __s32 someDelta(__s32 Small) {
  return below(16) ? (__s32)below(2 * Small + 1) - Small
                   : (__s32)(random() * 2);
}

static __always_inline void fill(__u8 *To, __u32 Size) {
  for (__u32 I = 0; I < Size; I++)
    To[I] = random();
}

/// A result and the bytes that came with it as a program's return value.
static __always_inline __u32 digest(__u32 Result, const __u8 *Bytes,
                                    __u32 Size) {
  __u32 Sum = 0;
  for (__u32 I = 0; I < Size; I++)
    Sum = Sum * 31 + Bytes[I];
  return Result ^ (Sum << 8);
}

#endif
