// Counters behind the XDP tracepoints: errors of a redirect, exceptions, and
// what the device and processor maps enqueue, transmit and drop.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define CPUS 64

struct counts {
  __u64 processed, dropped, info, errors;
};

struct redirect_ctx {
  __u64 common;
  int prog_id;
  __u32 action;
  int from_ifindex, error, to_ifindex;
};

struct xmit_ctx {
  __u64 common;
  int from_ifindex;
  __u32 action;
  int to_ifindex, drops, sent, error;
};

struct cpumap_ctx {
  __u64 common;
  int map_id;
  __u32 action;
  int cpu;
  __u32 drops, processed;
  int last; // the target processor, or whether the thread gave up its turn
};

#define COUNTERS(NAME, VALUE, ENTRIES)                                         \
  struct {                                                                     \
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                                   \
    __type(key, __u32);                                                        \
    __type(value, VALUE);                                                      \
    __uint(max_entries, ENTRIES);                                              \
  } NAME SEC(".maps")

COUNTERS(redirects, __u64, 2);
COUNTERS(exceptions, __u64, XDP_REDIRECT + 2);
COUNTERS(enqueued, struct counts, CPUS);
COUNTERS(handled, struct counts, 1);
COUNTERS(transmitted, struct counts, 1);

SEC("tracepoint/xdp/xdp_redirect_err")
int xdp_redirect_err(struct redirect_ctx *ctx) {
  __u32 key = ctx->error ? 1 : 0;
  __u64 *count = bpf_map_lookup_elem(&redirects, &key);
  if (!count)
    return 1;
  *count += 1;
  return 0;
}

SEC("tracepoint/xdp/xdp_exception")
int xdp_exception(struct redirect_ctx *ctx) {
  __u32 key = ctx->action;
  if (key > XDP_REDIRECT)
    key = XDP_REDIRECT + 1;
  __u64 *count = bpf_map_lookup_elem(&exceptions, &key);
  if (!count)
    return 1;
  *count += 1;
  return 0;
}

SEC("tracepoint/xdp/xdp_cpumap_enqueue")
int xdp_cpumap_enqueue(struct cpumap_ctx *ctx) {
  __u32 cpu = ctx->last;
  if (cpu >= CPUS)
    return 1;
  struct counts *counts = bpf_map_lookup_elem(&enqueued, &cpu);
  if (!counts)
    return 0;
  counts->processed += ctx->processed;
  counts->dropped += ctx->drops;
  if (ctx->processed > 0)
    counts->info += 1;
  return 0;
}

SEC("tracepoint/xdp/xdp_cpumap_kthread")
int xdp_cpumap_kthread(struct cpumap_ctx *ctx) {
  __u32 key = 0;
  struct counts *counts = bpf_map_lookup_elem(&handled, &key);
  if (!counts)
    return 0;
  counts->processed += ctx->processed;
  counts->dropped += ctx->drops;
  if (ctx->last)
    counts->info += 1;
  return 0;
}

SEC("tracepoint/xdp/xdp_devmap_xmit")
int xdp_devmap_xmit(struct xmit_ctx *ctx) {
  __u32 key = 0;
  struct counts *counts = bpf_map_lookup_elem(&transmitted, &key);
  if (!counts)
    return 0;
  counts->processed += ctx->sent;
  counts->dropped += ctx->drops;
  counts->info += 1;
  if (ctx->error)
    counts->errors += 1;
  if (ctx->drops < 0)
    counts->errors += 1;
  return 1;
}

char LICENSE[] SEC("license") = "GPL";
