// Of what helpers only read the program still knows the value, and sets it once.
// RUN: bpfcc -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: bpfcc -O2 -S -emit-llvm --target=bpfeb %s -o - | FileCheck %s
static void *(*lookup)(void *map, const void *key) = (void *)1;
static long (*get_comm)(void *to, unsigned size) = (void *)16;
extern char map[];

// CHECK: @set = internal global ptr null

// CHECK-LABEL: @key
// CHECK: call ptr inttoptr (i64 1 to ptr)({{.*}} readonly captures(none)
// CHECK-NOT: load i32
// CHECK: ret
int key(int k) {
  if (!lookup(map, &k))
    return 0;
  return k;
}

// CHECK-LABEL: @output
// CHECK: call i64 inttoptr (i64 16 to ptr)(
// CHECK-NOT: readonly
// CHECK: load i8
int output(void) {
  char name[16] = {};
  get_comm(name, sizeof name);
  return name[0];
}

// What is no helper is a variable that a loader may set.
static void *volatile set;
int variable(void) { return set != 0; }
