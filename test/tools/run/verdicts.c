// RUN: clang -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: clang -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc run %t.el.o --data 01020304 --repeat 3 | FileCheck %s
// RUN: bpfcc run %t.eb.o --data 01020304 --repeat 3 | FileCheck %s
// RUN: bpfcc run %t.el.o --data 09 --format=json | FileCheck %s --check-prefix=JSON

// CHECK:      prog (xdp): 3 runs, {{[0-9]+}} instructions
// CHECK:      XDP_DROP {{ *}}1{{$}}
// CHECK-NEXT: XDP_PASS {{ *}}2{{$}}
// CHECK:      section .bss
// CHECK-DAG:  seen = 3
// CHECK-DAG:  last = {.length = 4, .first = 1, .high = -1}

// JSON: "name": "seen",
// JSON-NEXT: "value": "1"
// JSON: "verdicts": {
// JSON-NEXT: "XDP_PASS": 1

struct xdp_md {
  unsigned data, data_end;
};
unsigned seen;
struct {
  unsigned length;
  int first : 8, high : 24;
} last;

__attribute__((section("xdp"), used)) int prog(struct xdp_md *ctx) {
  unsigned char *p = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (p + 1 > end)
    return 0;
  last.length = end - p;
  last.first = *p;
  last.high = -1;
  return ++seen == 2 ? 1 : 2;
}
