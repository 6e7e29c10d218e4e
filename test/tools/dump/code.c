// RUN: clang -target bpfel -O2 -g -mcpu=v3 -c %s -o %t.el.o
// RUN: clang -target bpfeb -O2 -g -mcpu=v3 -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o | FileCheck %s
// RUN: bpfcc dump %t.eb.o | FileCheck %s
// RUN: bpfcc dump %t.el.o --no-source --section=.text | FileCheck %s --check-prefix=TEXT

// CHECK:      .text: scale, {{[0-9]+}} instructions
// CHECK-NEXT: ; {{.*}}code.c:31: static __attribute__((noinline)) int scale(int x)
// CHECK:      r{{[0-9]}} = &factor{{$}}
// CHECK:      xdp: prog, {{[0-9]+}} instructions
// CHECK:      ; {{.*}}code.c:[[#LOOKUP:]]: long *v = lookup(&hits, &key);
// CHECK-NEXT: r1 = map hits{{$}}
// CHECK-NEXT: call bpf_map_lookup_elem{{$}}
// CHECK-NOT:  code.c:[[#LOOKUP]]:
// CHECK:      if r{{[0-9]}} == 0x0 goto L[[#OUT:]]
// CHECK:      r1 = &{{.*}} // "hello\n"
// CHECK:      call scale{{$}}
// CHECK:      call kernel_thing  // defined elsewhere
// CHECK:      L[[#OUT]]:

// TEXT-NOT: ;
// TEXT:     .text: scale
// TEXT-NOT: {{prog|;}}

struct { int (*type)[1], (*max_entries)[4]; int *key; long *value; } hits __attribute__((section(".maps"), used));
static void *(*const lookup)(void *, const void *) = (void *)1;
static long (*const print)(const char *, int, ...) = (void *)6;
extern int kernel_thing(long) __attribute__((section(".ksyms")));
int factor = 3;

static __attribute__((noinline)) int scale(int x) { return x * factor; }

__attribute__((section("xdp"))) int prog(int *ctx) {
  int key = 0;
  long *v = lookup(&hits, &key);
  if (!v)
    return 1;
  print("hello\n", 7);
  return kernel_thing(scale(*v));
}
