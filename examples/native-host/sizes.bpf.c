// Counts packets by the power of two of their size, drops those without an
// Ethernet header, and remembers when the last one came.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ETH_HLEN 14

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 12);
  __type(key, __u32);
  __type(value, __u64);
} packets SEC(".maps");

__u64 last;

SEC("xdp")
int sizes(struct xdp_md *ctx) {
  __u32 size = ctx->data_end - ctx->data, slot = 0;
  last = bpf_ktime_get_ns();
  if (size < ETH_HLEN)
    return XDP_DROP;
  for (; slot < 11 && size > 1; slot++)
    size /= 2;
  __u64 *count = bpf_map_lookup_elem(&packets, &slot);
  if (count)
    __sync_fetch_and_add(count, 1);
  return XDP_PASS;
}

char license[] SEC("license") = "GPL";
