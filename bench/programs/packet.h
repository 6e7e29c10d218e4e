// What each program here shares: it computes a number from the first bytes of
// each packet, adds it to `sum`, and takes the verdict from its lowest bit.
#ifndef BPFCC_BENCH_PROGRAMS_PACKET_H
#define BPFCC_BENCH_PROGRAMS_PACKET_H

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define BYTES 48

__u64 sum;

static __always_inline __u64 compute(const __u8 *p);

SEC("xdp") int program(struct xdp_md *ctx) {
  const __u8 *data = (void *)(long)ctx->data;
  const __u8 *end = (void *)(long)ctx->data_end;
  if (data + BYTES > end)
    return XDP_PASS;
  __u64 result = compute(data);
  sum = sum * 31 + result;
  return result & 1 ? XDP_PASS : XDP_DROP;
}

static __always_inline __u32 word(const __u8 *p) {
  return p[0] | p[1] << 8 | p[2] << 16 | (__u32)p[3] << 24;
}

static __always_inline __u64 wide(const __u8 *p) {
  return word(p) | (__u64)word(p + 4) << 32;
}

#endif
