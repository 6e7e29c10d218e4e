#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 quotient, rest;
__s32 small;

SEC("raw_tp/x") int divide(__u64 *ctx) {
  __u64 by = ctx[0];
  quotient = 100000000000000ull / by;
  rest = 100000000000000ull % by;
  small = (__u32)by % 1000u;
  return 0;
}

char license[] SEC("license") = "GPL";
