// A bit of everything that an object holds.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 16);
} counts SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(key_size, 4);
  __uint(max_entries, 2);
  __array(values, int(void *));
} programs SEC(".maps") = {.values = {[1] = 0}};

struct task {
  int pid;
  struct {
    long x, y : 9;
  } in[2];
} __attribute__((preserve_access_index));

const volatile int limit = 7;
int seen;
static __u64 sums[4] = {1, 2};
const char *name = "a name";
extern int CONFIG_HZ __kconfig __weak;

static __noinline int count(__u32 key, struct task *t) {
  __u64 one = 1, *v = bpf_map_lookup_elem(&counts, &key);
  if (v)
    __sync_fetch_and_add(v, t->in[1].x);
  else
    bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
  return sums[key & 3]++ > limit;
}

static long each(__u32 i, void *ctx) { return count(i, ctx); }

SEC("raw_tp/sys_enter") int enter(struct task *t) {
  bpf_printk("%s %d", name, seen);
  bpf_loop(4, each, t, 0);
  bpf_tail_call(t, &programs, 1);
  return count(CONFIG_HZ, t) + seen++;
}

char _license[] SEC("license") = "GPL";
