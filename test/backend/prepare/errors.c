// RUN: bpfcc -target bpf -O1 -g -S -emit-llvm -w %s -o - | not bpfcc-prepare - 2>&1 | FileCheck %s
// What BPF cannot do is an error at its line, and all are reported.
struct Big { char Bytes[40]; };
extern void consume(struct Big B);
extern int printf(const char *Format, ...);
extern long six(long, long, long, long, long, long);
extern void take(void *);

// CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}floating point cannot run in BPF
double half(double X) { return X / 2; }

int print(int X) {
  // CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}variadic functions cannot run in BPF
  return printf("%d", X);
}

long many(long X) {
  // CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}`six` takes 6 arguments
  return six(X, X, X, X, X, X);
}

void byValue(struct Big *B) {
  // CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}`consume` passes or returns a structure by value
  consume(*B);
}

void variable(int N) {
  // CHECK-DAG: errors.c:[[@LINE+1]]:{{.*}}variable-length stack memory
  char Bytes[N];
  take(Bytes);
}
