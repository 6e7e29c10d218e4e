// RUN: bpfcc -target bpf -O1 -g -S -emit-llvm -w %s -o - | not bpfcc-prepare - 2>&1 | FileCheck %s
// What BPF cannot do is an error at its line, and all are reported.
struct Big { char Bytes[40]; };
extern void consume(struct Big B);
extern struct Big produce(void);
extern int emit(const char *Format, ...);
extern long six(long, long, long, long, long, long);
extern void take(void *);

// CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}floating point cannot run in BPF
double half(double X) { return X / 2; }

int print(int X) {
  // CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}variadic functions cannot run in BPF
  return emit("%d", X);
}

long many(long X) {
  // CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}`six` takes 6 arguments
  return six(X, X, X, X, X, X);
}

void byValue(struct Big *B) {
  // CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}`consume` passes or returns by value what does not fit
  consume(*B);
}

// CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}`six5` takes 6 arguments
long six5(long A, __int128 B, long C, __int128 D) { return A + B + C + D; }

// CHECK-DAG: errors.c:[[@LINE+2]]:{{.*}}`result` passes or returns by value what does not fit
// CHECK-DAG: = help: a static function of this file may
struct Big result(void) { return (struct Big){{1}}; }

// CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}variadic functions cannot run in BPF
int sum(int N, ...) {
  __builtin_va_list List;
  __builtin_va_start(List, N);
  int First = __builtin_va_arg(List, int);
  __builtin_va_end(List);
  return First;
}

// CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}`wide` passes or returns by value what does not fit
__int128 wide(__int128 A) { return A + 1; }

void variable(int N) {
  // CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}variable-length stack memory
  char Bytes[N];
  take(Bytes);
}
