// Timers: in the order of their times, by a clock that moves on behind the runs
// and a microsecond at each look.
//
// RUN: bpfcc -O2 -c %s -o %t.o
// RUN: bpfcc run %t.o --prog start --linger 1000000 --no-maps > %t.1
// RUN: FileCheck %s --input-file=%t.1
// RUN: bpfcc run %t.o --prog start --linger 1000000 --no-maps --jit=off > %t.2
// RUN: cmp %t.1 %t.2
// RUN: bpfcc run %t.o --prog start --linger 1000000 --no-maps --jit=llvm > %t.3
// RUN: cmp %t.1 %t.3
//
// Nothing expires where no time passes.
// RUN: bpfcc run %t.o --prog start --no-maps | FileCheck %s --check-prefix=NONE
// NONE-NOT: key
//
// CHECK: key 2 at 100000
// CHECK-NEXT: key 1 at 200000
// CHECK-NEXT: key 2 at 301000
// CHECK-NEXT: key 3 at 700000
// CHECK-NOT: key
//
// RUN: not bpfcc run %t.o --prog start --linger 5 --clock=real 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REAL
// REAL: --linger lets the clock of --clock=fixed go on
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct value {
  __u64 Left;
  struct bpf_timer Timer;
};
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, int);
  __type(value, struct value);
  __uint(max_entries, 8);
} timers SEC(".maps");

static int expired(void *Map, int *Key, struct value *Value) {
  bpf_printk("key %d at %llu", *Key, bpf_ktime_get_ns());
  if (Value->Left) {
    --Value->Left;
    bpf_timer_start(&Value->Timer, 200000, 0);
  }
  return 0;
}

static void add(int Key, __u64 Time, __u64 Flags, __u64 Left) {
  struct value New = {Left};
  bpf_map_update_elem(&timers, &Key, &New, BPF_ANY);
  struct value *Value = bpf_map_lookup_elem(&timers, &Key);
  if (!Value)
    return;
  bpf_timer_init(&Value->Timer, &timers, 1);
  bpf_timer_set_callback(&Value->Timer, expired);
  bpf_timer_start(&Value->Timer, Time, Flags);
}

SEC("syscall") int start(void *Ctx) {
  int Gone = 4, Replaced = 5;
  struct value New = {};
  add(1, 200000, 0, 0);
  add(2, 100000, 0, 1);
  add(3, 700000, 1 /* BPF_F_TIMER_ABS */, 0);
  add(4, 100000, 0, 0);
  add(5, 100000, 0, 0);
  bpf_map_delete_elem(&timers, &Gone);
  bpf_map_update_elem(&timers, &Replaced, &New, BPF_ANY);
  return 0;
}

char _license[] SEC("license") = "GPL";
