// Whether a kernel has a weak variable is not known without its types.
// RUN: bpfcc -Wno-verify -c %s -o %t.o
// RUN: bpfcc check -mkernel=6.1 %t.o 2>&1 | FileCheck %s

// CHECK-NOT: {{error|warning}}:
// CHECK:     prog {{.*}}6.1{{.*}}{{accepted|unjudged}}
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern const int counters __ksym __weak;
unsigned long long found;

SEC("raw_tp/sys_enter") int prog(void *ctx) {
  found = (unsigned long long)bpf_per_cpu_ptr(&counters, 0);
  return 0;
}
