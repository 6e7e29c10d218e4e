// Maps and variables of other files are described, so that libbpf's linker can
// compare them with their definitions; an object of data alone has no .BTF.ext,
// which that linker would refuse.
// RUN: bpfcc -O2 -c %s -o %t.use.o
// RUN: bpfcc -O2 -c %s -o %t.def.o -DDEFINE
// RUN: bpftool btf dump file %t.use.o | FileCheck %s --check-prefix=USE
// RUN: llvm-readelf -S %t.def.o | FileCheck %s --check-prefix=DEF
// RUN: bpftool gen object %t.o %t.use.o %t.def.o
// RUN: bpftool btf dump file %t.o | FileCheck %s --check-prefix=LINKED

// USE-DAG: VAR 'counts' type_id={{[0-9]+}}, linkage=extern
// USE-DAG: VAR 'level' type_id={{[0-9]+}}, linkage=extern
// USE-NOT: DATASEC

// DEF: .BTF
// DEF-NOT: .BTF.ext

// LINKED-DAG: VAR 'counts' type_id={{[0-9]+}}, linkage=global
// LINKED-DAG: VAR 'level' type_id={{[0-9]+}}, linkage=global

#define SECTION(Name) __attribute__((section(Name), used))
struct array {
  int (*type)[2];
  unsigned *key;
  long *value;
  int (*max_entries)[4];
};
#ifdef DEFINE
struct array counts SECTION(".maps");
int level = 3;
#else
extern struct array counts;
extern int level;
static void *(*lookup)(void *Map, const void *Key) = (void *)1;
SECTION("xdp") int program(void *Ctx) {
  unsigned Key = 0;
  long *Value = lookup(&counts, &Key);
  return Value ? *Value + level : 0;
}
#endif
