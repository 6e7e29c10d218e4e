// A type's id is u64 in C: it is loaded by an instruction that holds 64 bits,
// as Clang's is.
// RUN: bpfcc -O2 -c %s -o %t.o
// RUN: llvm-objdump -d --no-show-raw-insn %t.o | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct foo {
  int x;
};

// CHECK: r1 = {{0x[0-9a-f]+}} ll
extern void *bpf_obj_new_impl(__u64 id, void *meta) __attribute__((section(".ksyms")));

SEC("tc") int f(void *ctx) {
  return !bpf_obj_new_impl(bpf_core_type_id_local(struct foo), 0);
}
