// Class 12: what clang calls a library for is code.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: not clang-22 -g -O2 -target bpf -mcpu=v3 -idirafter /usr/include/x86_64-linux-gnu -c %s -o %t.clang.o 2>&1 | FileCheck %s --check-prefix=CLANG
// CLANG: built-in function 'memset' is not supported
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, char[4096]);
} Map SEC(".maps");

// CHECK-LABEL: socket: memory
// CHECK-NOT:   call mem
SEC("socket") int memory(struct __sk_buff *Ctx) {
  int Key = 0;
  char *V = bpf_map_lookup_elem(&Map, &Key);
  if (!V)
    return 0;
  __builtin_memset(V, 0, 2000);
  __builtin_memcpy(V + 2048, V, 2000);
  return __builtin_memcmp(V, V + 2048, 2000);
}
// CHECK-LABEL: socket: wide
// CHECK-NOT:   call __
SEC("socket") int wide(struct __sk_buff *Ctx) {
  unsigned __int128 P =
      (unsigned __int128)bpf_ktime_get_ns() * bpf_ktime_get_ns();
  return (unsigned long)(P >> 64) & 7;
}
char License[] SEC("license") = "GPL";
