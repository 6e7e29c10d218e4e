// The kernel's types, declared here with other layouts: libbpf corrects each
// kind of relocation, and the program sees that it did. No -g is needed.
// REQUIRES: bpf
// RUN: bpfcc %s -c -o %t.o && head -c 20 /dev/zero > %t.data
// RUN: rm -f /sys/fs/bpf/bpfcc-core && bpftool prog load %t.o /sys/fs/bpf/bpfcc-core
// RUN: bpftool prog run pinned /sys/fs/bpf/bpfcc-core data_in %t.data | FileCheck %s
// RUN: rm -f /sys/fs/bpf/bpfcc-core
// CHECK: Return value: 4095
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
struct task_struct___here {
  char first[3];
  int tgid, pid;
  struct task_struct___here *group_leader;
  char comm[16];
  unsigned sched_reset_on_fork : 1;
} __attribute__((preserve_access_index));
struct task_struct___odd { int no_such_field; } __attribute__((preserve_access_index));
struct no_such_type { int x; };
enum bpf_func_id___here { BPF_FUNC_map_lookup_elem___here = 77, BPF_FUNC_no___here = 2 };

SEC("tc") int core(struct __sk_buff *skb) {
  struct task_struct___here *t = (void *)bpf_get_current_task();
  __u64 id = bpf_get_current_pid_tgid();
  int bits = 0;
  bits |= BPF_CORE_READ(t, pid) == (__u32)id;
  bits |= (BPF_CORE_READ(t, group_leader, tgid) == id >> 32) << 1;
  bits |= bpf_core_field_exists(t->pid) << 2;
  bits |= !bpf_core_field_exists(struct task_struct___odd, no_such_field) << 3;
  bits |= (bpf_core_field_size(t->comm) == 16) << 4;
  bits |= (bpf_core_enum_value(enum bpf_func_id___here, BPF_FUNC_map_lookup_elem___here) == 1) << 5;
  bits |= !bpf_core_enum_value_exists(enum bpf_func_id___here, BPF_FUNC_no___here) << 6;
  bits |= !bpf_core_type_exists(struct no_such_type) << 7;
  bits |= (bpf_core_type_size(struct task_struct___here) > 1000) << 8;
  bits |= (bpf_core_type_id_kernel(struct task_struct___here) > 1) << 9;
  bits |= (BPF_CORE_READ_BITFIELD_PROBED(t, sched_reset_on_fork) == 0) << 10;
  bits |= (bpf_core_field_offset(struct task_struct___here, pid) > 100) << 11;
  return bits;
}
char _license[] SEC("license") = "GPL";
