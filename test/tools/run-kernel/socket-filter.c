// A socket filter sees what an interface carries; elements that are set before it
// starts are there.
// REQUIRES: bpf
// RUN: bpfcc %s -g -c -o %t.o
// RUN: bpfcc run --kernel %t.o --iface lo --map-update ports 0900=01000000 --map-update ports 0a00=00000000 > %t.out & \
// RUN:   for i in $(seq 100); do grep -q attached %t.out && break; sleep 0.05; done; \
// RUN:   bash -c 'for i in 1 2 3; do echo hello > /dev/udp/127.0.0.1/9; done'; sleep 0.2; kill -TERM $!; wait $!
// RUN: FileCheck %s < %t.out
// RUN: not bpfcc run --kernel %t.o 2>&1 | FileCheck %s --check-prefix=WHERE
// RUN: not bpfcc run --kernel %t.o --iface lo --map-update ports 09=01 2>&1 | FileCheck %s --check-prefix=SIZE
// CHECK: see (socket): attached
// CHECK: map ports (hash): 2 of 4 elements
// CHECK: [9] {{[4-9]|[1-9][0-9]+}}
// WHERE: `see` is attached to an interface: name it by --iface
// SIZE: map `ports` has keys of 2 and values of 4 bytes, not 1 and 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, __u16);
  __type(value, __u32);
} ports SEC(".maps");
char license[] SEC("license") = "GPL";
SEC("socket") int see(struct __sk_buff *skb) {
  __u8 to[2];
  if (bpf_skb_load_bytes(skb, 14 + 20 + 2, to, 2))
    return 0;
  __u16 port = to[0] << 8 | to[1];
  __u32 *count = bpf_map_lookup_elem(&ports, &port);
  if (count)
    __sync_fetch_and_add(count, 1);
  return 0;
}
