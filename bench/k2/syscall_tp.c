// How often open() is called.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u32);
  __uint(max_entries, 1);
} opened SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_open")
int sys_enter_open(void *ctx) {
  __u32 key = 0, first = 1;
  __u32 *count = bpf_map_lookup_elem(&opened, &key);
  if (count)
    *count += 1;
  else
    bpf_map_update_elem(&opened, &key, &first, BPF_NOEXIST);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
