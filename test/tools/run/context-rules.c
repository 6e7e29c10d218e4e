// What a program may touch of its context is what its type may.
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc run %t.o --prog parser --data 00112233445566778899aabb08004500 | FileCheck --check-prefix=PARSER %s
// RUN: not bpfcc run %t.o --prog family --data 0000 2>&1 | FileCheck --check-prefix=FAMILY %s
// RUN: not bpfcc run %t.o --prog marker --data 0000 2>&1 | FileCheck --check-prefix=MARKER %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_parser") int parser(struct __sk_buff *skb) {
  skb->tc_index = 1;
  // PARSER: keep 16
  return skb->data_end - skb->data;
}
SEC("tc") int family(struct __sk_buff *skb) {
  // FAMILY: context-rules.c:[[@LINE+1]]: error: in `family`: cannot read 4 bytes at context offset 88, which this type of program may not read
  return skb->family;
}
SEC("sk_skb/stream_verdict") int marker(struct __sk_buff *skb) {
  // MARKER: context-rules.c:[[@LINE+1]]: error: in `marker`: cannot write 4 bytes at context offset 8, which is read-only
  skb->mark = 1;
  return 1;
}
