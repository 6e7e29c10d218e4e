// A program counts what a real command does; the maps are printed as in user
// space.
// REQUIRES: bpf
// RUN: bpfcc %s -c -o %t.o
// RUN: bpfcc run --kernel %t.o > %t.out & \
// RUN:   for i in $(seq 100); do grep -q attached %t.out && break; sleep 0.05; done; \
// RUN:   /bin/true; /bin/true; /bin/true; sleep 0.2; kill -TERM $!; wait $!
// RUN: FileCheck %s < %t.out
// CHECK: count (raw_tp/sched_process_exec): attached
// CHECK: map calls (array): 1 of 1 elements
// CHECK-NEXT: [0] {.execs = {{[3-9]|[1-9][0-9]+}}}
// CHECK: map records (ringbuf): {{[3-9]|[1-9][0-9]+}} events
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct calls_value { int execs; };
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, struct calls_value);
} calls SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} records SEC(".maps");
char license[] SEC("license") = "GPL";
SEC("raw_tp/sched_process_exec") int count(void *ctx) {
  int key = 0;
  struct calls_value *v = bpf_map_lookup_elem(&calls, &key);
  if (v)
    __sync_fetch_and_add(&v->execs, 1);
  bpf_ringbuf_output(&records, &key, 4, 0);
  return 0;
}
