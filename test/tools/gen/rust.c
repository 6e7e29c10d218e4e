// A module of Rust: what is in the object, and types with BPF's layout.

// RUN: rm -rf %t && mkdir %t && bpfcc -I%S/Inputs %s -o %t/values.o
// RUN: bpfcc gen rust %t/values.o -o %t/values.rs
// RUN: FileCheck %s --input-file=%t/values.rs

// CHECK: pub const NAME: &str = "values";
// CHECK: pub mod programs {
// CHECK-NEXT: pub const r#type: &str = "type";
// CHECK: pub mod maps {
// CHECK-NEXT: pub const hits: &str = "hits";
// CHECK: #[repr(C, packed)]
// CHECK: pub struct Key {
// CHECK-NEXT: pub tag: i8,
// CHECK-NEXT: pub number: i32,
// CHECK: pub struct State(pub i32);
// CHECK: pub const BUSY: State = State(-2);
// CHECK: pub struct Value {
// CHECK-NEXT: pub state: State,
// CHECK-NEXT: pub __pad0: [u8; 4],
// CHECK-NEXT: pub either: ValueEither,
// CHECK-NEXT: pub r#match: [[INNER:.*]],
// CHECK-NEXT: pub __pad1: [u8; 6],
// CHECK: pub struct Bss {
// CHECK-NEXT: pub values: [Value; 2],
// CHECK: pub static OBJECT: &[u8] = &BYTES.0;

enum state { IDLE, BUSY = -2 };
struct key {
  char tag;
  int number;
} __attribute__((packed));
struct value {
  enum state state;
  union {
    char small;
    struct {
      long a;
    } big;
  } either;
  char match[5][2];
  int bits : 3;
};
struct {
  int (*type)[1], (*max_entries)[4];
  struct key *key;
  struct value *value;
} hits __attribute__((section(".maps")));
struct value values[2];
__attribute__((section("xdp"))) int type(void *ctx) { return hits.type == 0; }
