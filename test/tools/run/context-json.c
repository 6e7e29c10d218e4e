// A context is written as JSON, by the type of what the program takes.
// RUN: bpfcc --target=bpfel -O2 -g -Wno-verify -c %s -o %t.o
// RUN: bpfcc --target=bpfeb -O2 -g -Wno-verify -c %s -o %t.eb.o
// RUN: bpfcc run %t.o --prog members --ctx '{"port": 80, "kind": "UDP", "name": "eth0", "ip": [1, 2], "low": 5, "high": -3, "wide": "0xffffffffffffffff", "small": -7}' | FileCheck %s
// RUN: bpfcc run %t.eb.o --prog members --ctx '{"port": 80, "kind": "UDP", "name": "eth0", "ip": [1, 2], "low": 5, "high": -3, "wide": "0xffffffffffffffff", "small": -7}' | FileCheck %s
// RUN: echo '{"port": 443}' > %t.json
// RUN: bpfcc run %t.o --prog members --ctx @%t.json | FileCheck %s --check-prefix=FILE
// RUN: bpfcc run %t.o --prog list --ctx '[7, "0x10"]' | FileCheck %s --check-prefix=LIST
// RUN: not bpfcc run %t.o --prog members --ctx '{"ports": 1}' 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not bpfcc run %t.o --prog members --ctx '{"port": 65536}' 2>&1 | FileCheck %s --check-prefix=FIT
// RUN: not bpfcc run %t.o --prog members --ctx '{"port": "x"}' 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not bpfcc run %t.o --prog members --ctx '{"ip": [1, 2, 3]}' 2>&1 | FileCheck %s --check-prefix=MANY
// RUN: not bpfcc run %t.o --prog members --ctx '{"inner": 3}' 2>&1 | FileCheck %s --check-prefix=RECORD
// RUN: not bpfcc run %t.o --prog members --ctx '{"bits": 1, "bytes": [1]}' 2>&1 | FileCheck %s --check-prefix=UNION
// RUN: bpfcc run %t.o --prog none --ctx '[]' | FileCheck %s --check-prefix=EMPTY
// RUN: not bpfcc run %t.o --prog members --ctx '{' 2>&1 | FileCheck %s --check-prefix=JSON
// RUN: not bpfcc run %t.o --prog untyped --ctx '{"a": 1}' 2>&1 | FileCheck %s --check-prefix=VOID
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

// CHECK:      port = 80
// CHECK-NEXT: kind = UDP
// CHECK-NEXT: name = "eth0"
// CHECK-NEXT: sum = 3
// CHECK-NEXT: low = 5
// CHECK-NEXT: high = -3
// CHECK-NEXT: wide = 18446744073709551615
// CHECK-NEXT: small = -7
// FILE:       port = 443
// LIST:       sum = 23
// NAME:   --ctx: `ports` is no member of `event`, which has port, kind, name, ip, low, high, wide, inner, small, bits, bytes
// FIT:    --ctx: `port` has 16 bits: 65536 does not fit
// NUMBER: --ctx: `port` is no number: "x"
// MANY:   --ctx: `ip` has 2 elements, not 3
// RECORD: --ctx: `inner` is a structure: write {"member": value, ...}
// UNION:  --ctx: `{{bits|bytes}}` and another member of its union have values: give one
// EMPTY:  return 0
// JSON:   --ctx is no JSON:
// VOID:   the context of `untyped` has no type that --ctx could say the members of

enum kind { TCP = 6, UDP = 17 };
struct event {
  __u16 port;
  enum kind kind;
  char name[16];
  __u32 ip[2];
  struct {
    __u32 low : 3;
    __s32 high : 29;
  };
  __u64 wide;
  struct {
    int a;
  } inner;
  __s8 small;
  union {
    __u32 bits;
    __u8 bytes[4];
  };
};

__u16 port;
enum kind kind;
char name[16];
__u64 sum;
int low, high;
__u64 wide;
__s8 small;

SEC("syscall")
int members(struct event *e) {
  port = e->port;
  kind = e->kind;
  for (int i = 0; i < 16; i++)
    name[i] = e->name[i];
  sum = e->ip[0] + e->ip[1];
  low = e->low;
  high = e->high;
  wide = e->wide;
  small = e->small;
  return 0;
}

SEC("raw_tp/sys_enter")
int list(unsigned long long *args) {
  sum = args[0] + args[1];
  return 0;
}

SEC("raw_tp/sys_enter")
int none(unsigned long long *args) { return 0; }

SEC("syscall")
int untyped(void *ctx) { return 0; }

char license[] SEC("license") = "GPL";
