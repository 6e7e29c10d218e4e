// Each kind of relocation, at the instruction that holds what it corrects; also
// with -g0. Loads, stores and additions take a byte offset themselves.
// RUN: bpfcc -g0 -c %s -o %t.o && llvm-objdump-22 -dr %t.o | FileCheck %s
// RUN: bpfcc -target bpfeb -c %s -o %t.o && llvm-objdump-22 -dr %t.o | FileCheck %s
struct in { int x; int arr[4]; };
struct t { int a; long b; struct in in[2]; unsigned f1 : 3, f2 : 7; };
struct t___v2 { char pad; int a; };
enum e { One = 1, Two };
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct kept { int a; long b; struct in in[2]; union { char c; short s; } u; };
#pragma clang attribute pop
#define FIELD(Name, Kind)                                                      \
  int Name(struct t *t) { return __builtin_preserve_field_info(t->f2, Kind); }
#define TYPE(Name, Builtin, Kind)                                              \
  long Name(void) { return Builtin(*(struct t *)0, Kind); }

// CHECK-LABEL: <load>:
// CHECK: r1 += 0x24
// CHECK-NEXT: CO-RE <byte_off> [{{[0-9]+}}] struct kept::in[1] (0:2:1)
// CHECK-NEXT: = *(u32 *)(r1 + 0x4)
int load(struct kept *k) { return k->in[1].arr[0]; }
// CHECK-LABEL: <store>:
// CHECK: *(u16 *)(r1 + 0x38) =
// CHECK-NEXT: CO-RE <byte_off> [{{[0-9]+}}] struct kept::u.s (0:3:1)
void store(struct kept *k) { k->u.s = 4; }
// CHECK-LABEL: <address>:
// CHECK: r{{[0-9]}} += 0x8
// CHECK-NEXT: CO-RE <byte_off> [{{[0-9]+}}] struct kept::b (0:1)
void *address(struct kept *k) { return &k->b; }
// CHECK-LABEL: <flavour>:
// CHECK: CO-RE <byte_off> [{{[0-9]+}}] struct t___v2::a (0:1)
int flavour(struct t___v2 *t) { return *__builtin_preserve_access_index(&t->a); }
// CHECK: CO-RE <byte_sz> [{{[0-9]+}}] struct t::f2 (0:4)
FIELD(size, 1)
// CHECK: CO-RE <field_exists> [{{[0-9]+}}] struct t::f2 (0:4)
FIELD(exists, 2)
// CHECK: CO-RE <signed> [{{[0-9]+}}] struct t::f2 (0:4)
FIELD(sign, 3)
// CHECK: CO-RE <lshift_u64> [{{[0-9]+}}] struct t::f2 (0:4)
FIELD(left, 4)
// CHECK: CO-RE <rshift_u64> [{{[0-9]+}}] struct t::f2 (0:4)
FIELD(right, 5)
// CHECK: CO-RE <local_type_id> [{{[0-9]+}}] struct t
TYPE(local, __builtin_btf_type_id, 0)
// CHECK: CO-RE <target_type_id> [{{[0-9]+}}] struct t
TYPE(target, __builtin_btf_type_id, 1)
// CHECK: CO-RE <type_exists> [{{[0-9]+}}] struct t
TYPE(there, __builtin_preserve_type_info, 0)
// CHECK: CO-RE <type_size> [{{[0-9]+}}] struct t
TYPE(bytes, __builtin_preserve_type_info, 1)
// CHECK: CO-RE <type_matches> [{{[0-9]+}}] struct t
TYPE(matches, __builtin_preserve_type_info, 2)
// CHECK: CO-RE <enumval_exists> [{{[0-9]+}}] enum e::Two = 2
long has(void) { return __builtin_preserve_enum_value(*(enum e *)Two, 0); }
// CHECK: CO-RE <enumval_value> [{{[0-9]+}}] enum e::Two = 2
long value(void) { return __builtin_preserve_enum_value(*(enum e *)Two, 1); }
