// RUN: clang -target bpfel -O2 -g -c %s -o %t.o
// RUN: bpfcc run %t.o --prog first --data 00 | FileCheck %s --check-prefix=DECLARED
// RUN: bpfcc run %t.o --prog first --data 00 --tail 'jumps[1]=third' | FileCheck %s --check-prefix=GIVEN

// DECLARED: XDP_TX {{ *}}1
// DECLARED: map jumps (prog_array)
// DECLARED: [1] second
// GIVEN: XDP_DROP {{ *}}1
// GIVEN: [1] third

static long (*tail_call)(void *ctx, void *map, unsigned index) = (void *)12;
int second(void *ctx);
struct {
  int (*type)[3];
  int (*max_entries)[2];
  unsigned *key;
  int (*values[])(void *);
} jumps __attribute__((section(".maps"), used)) = {.values = {[1] = second}};

__attribute__((section("xdp"), used)) int first(void *ctx) {
  tail_call(ctx, &jumps, 1);
  return 0;
}
__attribute__((section("xdp"), used)) int second(void *ctx) { return 3; }
__attribute__((section("xdp"), used)) int third(void *ctx) { return 1; }
