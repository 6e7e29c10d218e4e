// Names that collide, or are words of Go or Rust, are made others.
// RUN: rm -rf %t && mkdir -p %t && cd %t && bpfcc -Wno-everything -c %s -o x.o
// RUN: bpfcc gen go x.o | FileCheck --check-prefix=GO %s
// RUN: bpfcc gen rust x.o -o x.rs && FileCheck --check-prefix=RUST %s < x.rs
// RUN: not bpfcc gen go x.o --package func 2>&1 | FileCheck --check-prefix=PACKAGE %s
// RUN: not bpfcc gen go x.o --package 'a b' 2>&1 | FileCheck --check-prefix=PACKAGE %s

// PACKAGE: error: `{{func|a b}}` is no name of a package

// GO-DAG: type xMaps2 struct {
// GO-DAG: type xMaps struct {
// GO-DAG: type xKind uint32
// GO-DAG: xKindOne xKind = 1
// GO-DAG: type xKindOne2 struct {
// GO-DAG: A1 *ebpf.Program `ebpf:"a_1"`
// GO-DAG: A12 *ebpf.Program `ebpf:"a1"`

// RUST-DAG: pub struct Self2 {
// RUST-DAG: pub struct Aligned2 {
// RUST-DAG: pub r#type: u32
// RUST-DAG: pub __pad0: [u8; 4]
// RUST-DAG: pub __pad1: [u8; 4]
// RUST-DAG: pub const r#true: Truth

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
enum kind { One = 1 };
enum truth { true = 1 };
struct kind_one { int x; };
struct maps { enum kind kind; struct kind_one one; enum truth truth; };
struct self { __u32 type; __u64 next; };
struct aligned { char __pad0[4]; __u64 next; };
struct maps m;
struct self s;
struct aligned a;
SEC("xdp") int a_1(void *ctx) { return m.kind + s.type; }
SEC("xdp") int a1(void *ctx) { return a.next; }
