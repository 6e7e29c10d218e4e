#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u32);
} jumps SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 3);
  __type(key, __u32);
  __type(value, __u64);
} squares SEC(".maps");

int seven = 7;
int *where = &seven;

SEC("raw_tp/a") int data(void *ctx) { return *where; }

SEC("raw_tp/b") int outside(__u64 *ctx) { return *(__u8 *)ctx[0]; }

SEC("raw_tp/c") int forever(void *ctx) {
  for (volatile int i = 0;; i++)
    ;
}

SEC("raw_tp/d") int lacking(void *ctx) { return bpf_get_prandom_u32(); }

static long add(__u32 i, __u64 *sum) {
  *sum += i;
  return 0;
}
__attribute__((noinline)) void quiet(__u64 *sum) { *(volatile __u64 *)sum += 1; }
SEC("raw_tp/e") int callback(void *ctx) {
  __u64 sum = 0;
  bpf_loop(10, add, &sum, 0);
  quiet(&sum);
  return sum;
}

SEC("raw_tp/f") int jump(void *ctx) {
  bpf_tail_call(ctx, &jumps, 2);
  return 1;
}
SEC("raw_tp/g") int fall(void *ctx) {
  bpf_tail_call(ctx, &jumps, 3);
  return 5;
}
SEC("raw_tp/h") int again(void *ctx) {
  __u32 key = 1;
  __u64 *value = bpf_map_lookup_elem(&squares, &key);
  if (value)
    *value += 1;
  bpf_tail_call(ctx, &jumps, 0);
  return value ? *value : 0;
}

SEC("raw_tp/i") int store(__u64 *ctx) {
  __u32 key = ctx[0];
  __u64 *value = bpf_map_lookup_elem(&squares, &key);
  return value ? ++*value : -1;
}

__attribute__((noinline)) int deeper(__u64 *ctx) { return *(__u8 *)ctx[0] + 1; }
SEC("raw_tp/j") int below(__u64 *ctx) { return deeper(ctx) * 3; }

char license[] SEC("license") = "GPL";
