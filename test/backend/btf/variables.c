// RUN: bpfcc -target bpfel -O2 -g -c %s -o %t.el.o
// RUN: bpfcc -target bpfeb -O2 -g -c %s -o %t.eb.o
// RUN: bpfcc dump %t.el.o --no-code --btf | FileCheck %s
// RUN: bpfcc dump %t.eb.o --no-code --btf | FileCheck %s

// CHECK-DAG: [[[#COUNT:]]] static volatile int count;
// CHECK-DAG: [[[#LIMIT:]]] volatile const long limit;
// CHECK-DAG: [[[#TABLE:]]] short table[3];
// CHECK-DAG: [[[#CONFIG:]]] extern int CONFIG_HZ;
// CHECK-DAG: extern int nowhere;
// CHECK-DAG: section .bss { count [[[#COUNT]]] @0, 4 bytes; } // 0 bytes
// CHECK-DAG: section .data { table [[[#TABLE]]] @0, 6 bytes; } // 0 bytes
// CHECK-DAG: section .rodata { {{.*}}limit [[[#LIMIT]]] @{{[0-9]+}}, 8 bytes;
// CHECK-DAG: section .kconfig { CONFIG_HZ [[[#CONFIG]]] @0, 4 bytes; }
// CHECK-DAG: btf_decl_tag("mark") of table [[[#TABLE]]]{{$}}

static volatile int count;
const volatile long limit = 7;
__attribute__((btf_decl_tag("mark"))) short table[3] = {1, 2, 3};
extern int CONFIG_HZ __attribute__((section(".kconfig")));
extern int nowhere;

int f(void) { return ++count + limit + CONFIG_HZ + nowhere; }
