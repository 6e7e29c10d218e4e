// The way is the one of this machine's kernel, with the values that its log has.
// REQUIRES: bpf
// RUN: bpfcc -Wno-verify -DPACKET -c %s -o %t.packet.o
// RUN: %python %S/Inputs/compare-log.py %t.packet.o
// RUN: bpfcc -Wno-verify -DCALLS -c %s -o %t.calls.o
// RUN: %python %S/Inputs/compare-log.py %t.calls.o
// RUN: bpfcc -Wno-verify -DLOOP -c %s -o %t.loop.o
// RUN: %python %S/Inputs/compare-log.py %t.loop.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64[4]);
} hits SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} events SEC(".maps");

static __attribute__((noinline)) int element(__u64 *v, __u32 n) {
  if (!v)
    return 5;
  return v[n & 3];
}

#ifdef PACKET
SEC("xdp") int prog(struct xdp_md *ctx) {
  void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 14 > end)
    return XDP_PASS;
  __u32 n = *(unsigned char *)(data + 3);
  __u64 *record = bpf_ringbuf_reserve(&events, 16, 0);
  if (record) {
    *record = n;
    bpf_ringbuf_submit(record, 0);
  }
  if (n > 4)
    n = element(data + 2, n);
  return n;
}
#elif defined(CALLS)
SEC("xdp") int prog(struct xdp_md *ctx) {
  __u64 times[6];
  __u32 key = bpf_get_prandom_u32();
  __u64 *v = bpf_map_lookup_elem(&hits, &key);
  int t = element(v, key);
  for (int i = 0; i < 6; i++)
    times[i] = bpf_ktime_get_ns();
  if (t < 0 || t > 8)
    return 0;
  return v[t] + times[t];
}
#else
SEC("xdp") int prog(struct xdp_md *ctx) {
  __u32 key = 0;
  __u64 *v = bpf_map_lookup_elem(&hits, &key);
  if (!v)
    return 0;
  for (int i = 0; i < 5; i++) {
    asm volatile("");
    v[i] += key;
    __sync_fetch_and_add(&v[i], 1);
  }
  return XDP_PASS;
}
#endif
char LICENSE[] SEC("license") = "GPL";
