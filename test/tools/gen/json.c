// RUN: bpfcc %s -o %t.o && bpfcc gen json %t.o name tiny -o %t.json
// RUN: bpfcc --target=bpfeb %s -o %t.eb.o && bpfcc gen json %t.eb.o name tiny -o %t.eb.json
// RUN: FileCheck %s --input-file=%t.json
// RUN: not diff %t.json %t.eb.json | FileCheck %s --check-prefix=ORDER
// RUN: %python -m json.tool %t.json > /dev/null

// CHECK:      "name": "tiny",
// CHECK-NEXT: "byte_order": "little",
// CHECK-NEXT: "license": "GPL",
// CHECK:      "name": "look",
// CHECK-NEXT: "section": "?xdp",
// CHECK-NEXT: "type": "xdp",
// CHECK-NEXT: "autoload": false,
// CHECK-NEXT: "instructions":
// CHECK:      "name": "hits",
// CHECK-NEXT: "identifier": "hits",
// CHECK-NEXT: "type": "hash",
// CHECK-NEXT: "max_entries": 4,
// CHECK:      "key": {
// CHECK-NEXT:   "id":
// CHECK-NEXT:   "c": "int",
// CHECK-NEXT:   "size": 4
// CHECK:      "name": ".data",
// CHECK-NEXT: "identifier": "data",
// CHECK-NEXT: "type": "data",
// CHECK:      "name": "second",
// CHECK-NEXT: "offset": 8,
// CHECK-NEXT: "size": 4,
// CHECK:      "kind": "enum",
// CHECK-NEXT: "name": "side",
// CHECK:      "name": "left",
// CHECK-NEXT: "value": -1

// ORDER-COUNT-1: "byte_order": "big"
// ORDER-NOT: {{^[<>]}}

struct {
  int (*type)[1], (*max_entries)[4];
  int *key;
  long *value;
} hits __attribute__((section(".maps")));
long first = 1;
enum side { left = -1, right = 3 } second = right;
static void *(*const lookup)(void *, const void *) = (void *)1;
__attribute__((section("?xdp"))) int look(void *ctx) {
  int key = (int)first;
  return lookup(&hits, &key) ? second : 0;
}
char license[] __attribute__((section("license"))) = "GPL";
