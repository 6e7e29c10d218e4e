// RUN: bpfcc -target bpf -O1 -g -S -emit-llvm -w %s -o - | not bpfcc-prepare - 2>&1 | FileCheck %s
// What later steps cannot do is an error at its line as well.
void *where(void) {
  // CHECK: later-errors.c:[[@LINE+1]]:{{.*}}`llvm.returnaddress` is not supported
  return __builtin_return_address(0);
}
