// A program of perf events is run by the clock of each processor, and what it sends to
// a perf buffer is printed as the type that is asked for.
// REQUIRES: bpf
// RUN: bpfcc %s -g -c -o %t.o
// RUN: bpfcc run --kernel %t.o --event-type 'struct sample' > %t.out & \
// RUN:   for i in $(seq 100); do grep -q attached %t.out && break; sleep 0.05; done; \
// RUN:   timeout 0.5 sh -c 'while :; do :; done'; kill -TERM $!; wait $!
// RUN: FileCheck %s < %t.out
// RUN: not bpfcc run --kernel %t.o --event-type sampel 2>&1 | FileCheck %s --check-prefix=TYPE
// CHECK: tick (perf_event): attached
// CHECK: event samples: {.cpu = {{[0-9]+}}, .size = 7, .comm = "
// CHECK: map samples (perf_event_array): {{[1-9][0-9]*}} events
// TYPE: --event-type: the object describes no type `sampel`
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct sample {
  __u32 cpu;
  __u16 size;
  char comm[16];
};
struct sample *unused;
struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, 4);
  __uint(value_size, 4);
} samples SEC(".maps");
char license[] SEC("license") = "GPL";
SEC("perf_event") int tick(void *ctx) {
  struct sample s = {bpf_get_smp_processor_id(), 7};
  bpf_get_current_comm(s.comm, sizeof(s.comm));
  bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, &s, sizeof(s));
  return 0;
}
