// Class 11: two locals of 300 bytes that do not live at once share the stack.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// CHECK-NOT: r10 - 0x{{[2-9a-f][0-9a-f][0-9a-f]}})
// CHECK:     exit
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct event {
  char Data[300];
};
struct other {
  char Data[310];
};
struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, 4);
  __uint(value_size, 4);
} Events SEC(".maps");

static __always_inline void first(void *Ctx) {
  struct event E = {};
  bpf_perf_event_output(Ctx, &Events, 0, &E, sizeof E);
}
static __always_inline void second(void *Ctx) {
  struct other E = {};
  E.Data[3] = 1;
  bpf_perf_event_output(Ctx, &Events, 0, &E, sizeof E);
}
SEC("tracepoint/syscalls/sys_enter_open") int program(void *Ctx) {
  first(Ctx);
  second(Ctx);
  return 0;
}
char License[] SEC("license") = "GPL";
