// What instances of one world share.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define CLOCK_MONOTONIC 1

__u64 total;

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} mine SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} records SEC(".maps");

struct alarm {
  struct bpf_timer timer;
  __u64 at;
};
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct alarm);
} alarms SEC(".maps");

SEC("test/add") int add(__u64 *ctx) {
  __u32 zero = 0;
  __sync_fetch_and_add(&total, ctx[0]);
  __u64 *count = bpf_map_lookup_elem(&mine, &zero);
  if (count)
    *count += 1;
  return 0;
}

static int ring(void *map, __u32 *key, struct alarm *a) {
  a->at = bpf_ktime_get_ns();
  bpf_ringbuf_output(&records, &a->at, sizeof(a->at), 0);
  return 0;
}

SEC("test/arm") int arm(__u64 *ctx) {
  __u32 zero = 0;
  struct alarm *a = bpf_map_lookup_elem(&alarms, &zero);
  if (!a)
    return 1;
  bpf_timer_init(&a->timer, &alarms, CLOCK_MONOTONIC);
  bpf_timer_set_callback(&a->timer, ring);
  return bpf_timer_start(&a->timer, ctx[0], 0);
}

char _license[] SEC("license") = "GPL";
