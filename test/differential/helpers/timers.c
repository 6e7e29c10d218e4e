// Timers, started for so late that none of them expires.
#include "random.h"

struct value {
  __u32 Count;
  struct bpf_timer Timer;
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, struct value);
} Some SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, struct value);
} All SEC(".maps");

static int expired(void *Map, __u32 *Key, struct value *Value) { return 0; }

/// The kernel's memory for timers may run out for a moment.
static __always_inline int init(struct bpf_timer *Timer, void *Map,
                                __u64 Flags) {
  int R = -12;
  for (int Try = 0; Try < 16 && R == -12; ++Try)
    R = bpf_timer_init(Timer, Map, Flags);
  return R;
}

#define STEP(Map)                                                              \
  __u32 Key = below(5);                                                        \
  struct value New = {random()};                                               \
  int R = 0;                                                                   \
  switch (below(32)) {                                                         \
  case 0:                                                                      \
    R = bpf_map_update_elem(&Map, &Key, &New, below(3));                       \
    break;                                                                     \
  case 1:                                                                      \
    R = bpf_map_delete_elem(&Map, &Key);                                       \
    break;                                                                     \
  }                                                                            \
  struct value *Value = bpf_map_lookup_elem(&Map, &Key);                       \
  if (!Value)                                                                  \
    return R;                                                                  \
  struct bpf_timer *Timer = &Value->Timer;                                     \
  switch (below(5)) {                                                          \
  case 0:                                                                      \
    return R * 31 + init(Timer, &Map, below(20));                    \
  case 1:                                                                      \
    return R * 31 + init(Timer, &Map, 1);                            \
  case 2:                                                                      \
    return R * 31 + bpf_timer_set_callback(Timer, expired);                    \
  case 3:                                                                      \
    return R * 31 + bpf_timer_start(Timer, 1ull << 60, below(5));              \
  default:                                                                     \
    return R * 31 + bpf_timer_cancel(Timer);                                   \
  }

SEC("tc") int in_hash(struct __sk_buff *Skb) { STEP(Some) }
SEC("tc") int in_array(struct __sk_buff *Skb) { STEP(All) }

char _license[] SEC("license") = "GPL";
