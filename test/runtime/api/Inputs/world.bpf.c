// One program for each thing that an embedding program can do.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u64);
} sizes SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u32);
} runs SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_QUEUE);
  __uint(max_entries, 2);
  __type(value, __u32);
} waiting SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} records SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u32);
} next SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u32);
} ports SEC(".maps");

const volatile __u32 limit = 64;
__u64 total;

static long (*host_sum)(const void *bytes, __u64 size) = (void *)1000;
extern long host_map(void *map) __ksym;
extern long host_twice(void *function, long value) __ksym;

// Counts packets by size, drops those above the limit.
SEC("xdp") int count(struct xdp_md *ctx) {
  __u32 size = ctx->data_end - ctx->data, zero = 0;
  __u64 one = 1, *seen = bpf_map_lookup_elem(&sizes, &size);
  __u32 *mine = bpf_map_lookup_elem(&runs, &zero);
  if (seen)
    *seen += 1;
  else
    bpf_map_update_elem(&sizes, &size, &one, BPF_ANY);
  if (mine)
    *mine += 1;
  total += size;
  return size > limit ? XDP_DROP : XDP_PASS;
}

// Takes a byte off the front, writes one, and remembers two as metadata.
SEC("xdp") int change(struct xdp_md *ctx) {
  if (bpf_xdp_adjust_head(ctx, 1) || bpf_xdp_adjust_meta(ctx, -4))
    return XDP_ABORTED;
  __u8 *data = (void *)(long)ctx->data, *meta = (void *)(long)ctx->data_meta;
  if (meta + 4 > data || data + 1 > (__u8 *)(long)ctx->data_end)
    return XDP_ABORTED;
  *(__u32 *)meta = ctx->ingress_ifindex;
  data[0] = 0xee;
  return bpf_redirect_map(&ports, 3, 0);
}

// Reads behind the end of short packets.
SEC("xdp") int careless(struct xdp_md *ctx) {
  __u8 *data = (void *)(long)ctx->data;
  return data[20];
}

SEC("xdp") int jump(struct xdp_md *ctx) {
  bpf_tail_call(ctx, &next, 1);
  return XDP_ABORTED;
}

SEC("xdp") int forever(struct xdp_md *ctx) {
  for (;;)
    __asm__ volatile("" ::: "memory");
  return 0;
}

// What it is told, it passes on.
SEC("tp/test/event") int event(__u64 *ctx) {
  __u64 value = ctx[0];
  bpf_ringbuf_output(&records, &value, sizeof(value), 0);
  value++;
  bpf_ringbuf_output(&records, &value, sizeof(value), 0);
  bpf_printk("value %llu", value);
  return bpf_get_smp_processor_id();
}

// A context that may be written to.
SEC("test/answer") int answer(__u64 *ctx) {
  ctx[1] = ctx[0] * 2;
  return bpf_ktime_get_ns() / 1000;
}

static long plus_one(long value) { return value + 1; }
static long fail(long value) { return *(volatile long *)value; }

SEC("test/host") int sum(__u64 *ctx) { return host_sum(ctx, 16); }
SEC("test/host") int map(__u64 *ctx) { return host_map(&sizes); }
SEC("test/host") int twice(__u64 *ctx) { return host_twice(plus_one, 20); }
SEC("test/host") int bad_callback(__u64 *ctx) { return host_twice(fail, 20); }
SEC("xdp") int packet_to_host(struct xdp_md *ctx) {
  return host_sum((void *)(long)ctx->data, 16);
}

char _license[] SEC("license") = "GPL";
