// RUN: bpfcc -O2 -S -emit-llvm %s -o - | bpfcc-prepare - | FileCheck %s
// Accesses of one section start from one variable; weak variables, other
// sections and addresses that are passed on stay by themselves.
int first, second[4];
static int hidden;
__attribute__((weak)) int weak;
const volatile int limit = 4, shift = 1;
int set = 5;
__attribute__((section(".maps"))) int map1, map2;

void use(int *);

// CHECK-LABEL: @f(
// CHECK: load volatile i32, ptr @limit
// CHECK: load volatile i32, ptr getelementptr {{.*}}@limit, i64 4)
// CHECK: store i32 {{.*}}, ptr @hidden
// CHECK: load i32, ptr getelementptr (i8, ptr @hidden, i64 4)
// CHECK: load i32, ptr getelementptr (i8, ptr @hidden, i64 20)
// CHECK: load i32, ptr @weak
// CHECK: load i32, ptr @set
int f(void) {
  int factor = limit << shift;
  hidden += factor;
  return first + second[3] + hidden + weak + set;
}

// CHECK-LABEL: @variable(
// CHECK: [[P:%.*]] = getelementptr {{.*}} i32, ptr getelementptr (i8, ptr @first, i64 4), i64 %
// CHECK-NEXT: load i32, ptr [[P]]
int variable(unsigned long i) { return first + second[i]; }

// CHECK-LABEL: @passed(
// CHECK: call void @use(ptr{{.*}} @first)
// CHECK: call void @use(ptr{{.*}} @second)
void passed(void) {
  use(&first);
  use(second);
}

// CHECK-LABEL: @maps(
// CHECK: load i32, ptr @map1
// CHECK: load i32, ptr @map2
int maps(void) { return map1 + map2; }
