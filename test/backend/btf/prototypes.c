// A function of elsewhere and a pointer to such functions share a prototype; a
// forward declaration of an enumeration has a size that kernels take.
// RUN: bpfcc -c %s -o %t.o && bpftool btf dump file %t.o | FileCheck %s
#define SEC(n) __attribute__((section(n), used))
enum later;
struct holder { void (*op)(int, long); enum later *e; } held;
extern void away(int, long) __attribute__((section(".ksyms")));

// CHECK: FUNC_PROTO '(anon)' ret_type_id=0 vlen=2
// CHECK-NOT: FUNC_PROTO '(anon)' ret_type_id=0 vlen=2
// CHECK: ENUM 'later' {{.*}}size=4 vlen=0
SEC("tc") int prog(void *ctx) {
  away(1, 2);
  return held.op != 0;
}
