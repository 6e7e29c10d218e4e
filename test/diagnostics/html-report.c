// The report opens without errors, steps through the way to a finding, and shows text
// of the program as text.
// REQUIRES: chromium
// RUN: bpfcc -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check -mkernel=6.12 %t.o --html %t.html
// RUN: not grep -E "(src|href)=.?https?:" %t.html
// RUN: %python %S/Inputs/drive-page.py %t.html %S/Inputs/html-report.js | FileCheck %s

// CHECK: rows: prog/Linux 6.12/rejected, loop/Linux 6.12/accepted
// CHECK-NEXT: message: v may be null here
// CHECK-NEXT: wrong: *v += 1;
// CHECK-NEXT: end: step 5 of 5
// CHECK-NEXT: forward: true
// CHECK-NEXT: log: [[#]]: (79) r1 = *(u64 *)(r[[#]] +0)
// CHECK: start: step 1 of 5
// CHECK-NEXT: at: int key = ctx->rx_queue_index; {ctx is the context; key is 0 to 4294967295}
// CHECK-NEXT: at: long *v = bpf_map_lookup_elem(&hits, &key); {key is 0 to 4294967295; v is a value of hits, or null; ctx is last seen: the context}
// CHECK-NEXT: at: if (key > 4) {key is 5 to 2147483647; v is {{.*}}}
// CHECK-NEXT: at: bpf_printk("</script><b id=evil>"); {key is 5 to 2147483647; v is {{.*}}}
// CHECK-NEXT: single: step [[#N:]] of
// CHECK-NEXT: home: step 1 of [[#N]]
// CHECK-NEXT: steps: [[#]]
// CHECK-NEXT: accepted: Accepted by Linux 6.12
// CHECK-NEXT: loop: true
// CHECK-NEXT: markup: 0
// CHECK-NEXT: shown: true
// CHECK-NEXT: theme: true
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, int);
  __type(value, long);
} hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = ctx->rx_queue_index;
  long *v = bpf_map_lookup_elem(&hits, &key);
  if (key > 4)
    bpf_printk("</script><b id=evil>");
  *v += 1;
  return XDP_PASS;
}

SEC("xdp") int loop(struct xdp_md *ctx) {
  for (int i = 0; i < 100; i++)
    asm volatile("");
  return XDP_PASS;
}
char LICENSE[] SEC("license") = "GPL";
