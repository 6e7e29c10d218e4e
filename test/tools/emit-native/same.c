// Native code gives what the object gives: results, counts, maps and faults.
// RUN: bpfcc -c %s -o %t.o
// RUN: bpfcc run %t.o --emit-native %t.so
// RUN: bpfcc run %t.o --jit=off --prog third --data 0102030405 --repeat 3 > %t.object
// RUN: bpfcc run %t.so --prog third --data 0102030405 --repeat 3 > %t.native
// RUN: diff %t.object %t.native
// RUN: FileCheck %s --input-file %t.native
// CHECK: third (xdp): 3 runs, {{[0-9]+}} instructions
// CHECK: XDP_TX 3
// CHECK: runs = 3
// RUN: not bpfcc run %t.o --jit=off --prog third --data 01 2> %t.object
// RUN: not bpfcc run %t.so --prog third --data 01 2> %t.native
// RUN: diff %t.object %t.native
// RUN: FileCheck %s --input-file %t.native --check-prefix=FAULT
// FAULT: same.c:[[#@LINE+42]]:{{.*}}in `third`: cannot read 1 byte at packet offset 2, the packet has 1 byte
//
// Helpers that call back, calls of helpers in calls, tail calls, hash maps:
// RUN: bpfcc run %t.o --jit=off --prog whole --data 010203 --tail 'jumps[1]=third' > %t.object
// RUN: bpfcc run %t.so --prog whole --data 010203 --tail 'jumps[1]=third' > %t.native
// RUN: diff %t.object %t.native
// RUN: FileCheck %s --input-file %t.native --check-prefix=WHOLE
// WHOLE: XDP_TX
// WHOLE: [7] 190
//
// The limit of instructions, and --jit, which compiles the object:
// RUN: not bpfcc run %t.o --jit=off --prog whole --data 010203 --max-insns 77 2> %t.object
// RUN: not bpfcc run %t.so --prog whole --data 010203 --max-insns 77 2> %t.native
// RUN: diff %t.object %t.native
// RUN: bpfcc run %t.so --jit=off --prog third --data 010203 | FileCheck %s --check-prefix=JIT
// RUN: bpfcc run %t.so --jit=llvm --prog third --data 010203 | FileCheck %s --check-prefix=JIT
// JIT: XDP_TX
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, __u64);
} sums SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u32);
} jumps SEC(".maps");

__u64 runs;
const volatile __u32 key = 7;

// The check that a verifier would ask for is missing.
SEC("xdp") int third(struct xdp_md *ctx) {
  unsigned char *p = (void *)(long)ctx->data;
  runs++;
  if (bpf_get_smp_processor_id() > 100)
    return XDP_PASS;
  return p[2] == 3 ? XDP_TX : XDP_DROP;
}

static long add(__u32 i, __u64 *sum) {
  *sum += i;
  return 0;
}

__attribute__((noinline)) int store(__u64 sum) {
  __u32 at = key;
  return bpf_map_update_elem(&sums, &at, &sum, 0);
}

SEC("xdp") int whole(struct xdp_md *ctx) {
  __u64 sum = 0;
  bpf_loop(20, add, &sum, 0);
  if (store(sum))
    return XDP_ABORTED;
  bpf_tail_call(ctx, &jumps, 1);
  return XDP_PASS;
}

char license[] SEC("license") = "GPL";
