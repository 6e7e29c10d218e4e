// RUN: clang -target bpfel -O2 -g -c %s -o %t.o
// RUN: bpfcc run %t.o --map-update counts 02000000=0700000000000000 | FileCheck %s
// RUN: bpfcc run %t.o --no-maps | FileCheck %s --check-prefix=NONE
// RUN: bpfcc run %t.o --dump-maps | FileCheck %s --check-prefix=ALL

// CHECK:      map counts (array): 4 of 4 elements
// CHECK-NEXT: [1] 5
// CHECK-NEXT: [2] 7
// CHECK-NEXT: 2 elements are zero
// NONE-NOT: map counts
// ALL:      [0] 0
// ALL-NEXT: [1] 5
// ALL-NEXT: [2] 0

static void *(*lookup)(void *map, const void *key) = (void *)1;
struct {
  int (*type)[2];
  int (*max_entries)[4];
  unsigned *key;
  unsigned long long *value;
} counts __attribute__((section(".maps"), used));

__attribute__((section("tp/test/one"), used)) int prog(void *ctx) {
  unsigned key = 1;
  unsigned long long *value = lookup(&counts, &key);
  if (value)
    *value += 5;
  return 0;
}
