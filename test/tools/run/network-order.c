// RUN: clang -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: clang -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc run %t.el.o --cpu 2 | FileCheck %s
// RUN: bpfcc run %t.eb.o --cpu 2 | FileCheck %s
// RUN: bpfcc run %t.el.o --cpu 2 --dump-maps | FileCheck %s --check-prefix=ALL

// Types in network order print as on the wire; of per-CPU values, those of
// processors that have something.
// CHECK:      map last (percpu_array): 2 of 2 elements
// CHECK-NEXT: [1] (cpu 2: {.address = 192.0.2.1, .port = 443, .size = 60})
// CHECK-NEXT: 1 element is zero
// ALL:      [0] (cpu 0: {.address = 0.0.0.0, .port = 0, .size = 0}, cpu 1: {
// ALL-NEXT: [1] (cpu 0: {{.*}}, cpu 2: {.address = 192

typedef unsigned short __be16;
typedef unsigned __be32;
struct seen {
  const __be32 address;
  __be16 port;
  unsigned short size;
};
static void *(*lookup)(void *map, const void *key) = (void *)1;
struct {
  int (*type)[6];
  int (*max_entries)[2];
  unsigned *key;
  struct seen *value;
} last __attribute__((section(".maps"), used));

__attribute__((section("tp/test/one"), used)) int prog(void *ctx) {
  unsigned key = 1;
  unsigned char *value = lookup(&last, &key);
  if (!value)
    return 1;
  value[0] = 192, value[1] = 0, value[2] = 2, value[3] = 1;
  value[4] = 443 >> 8, value[5] = 443 & 255;
  ((struct seen *)value)->size = 60;
  return 0;
}
