// SPDX-License-Identifier: Apache-2.0
// Counts the system calls of the machine by number.

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct sys_enter {
  __u64 common; // type, flags, preempt count, pid
  long id;
  unsigned long args[6];
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, __u64);
} calls SEC(".maps");

SEC("tracepoint/raw_syscalls/sys_enter")
int count_call(struct sys_enter *ctx) {
  __u32 number = ctx->id;
  __u64 *calls_so_far = bpf_map_lookup_elem(&calls, &number);
  if (calls_so_far) {
    *calls_so_far += 1;
    return 0;
  }
  __u64 one = 1;
  bpf_map_update_elem(&calls, &number, &one, BPF_NOEXIST);
  return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
