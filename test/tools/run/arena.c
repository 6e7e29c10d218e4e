// Programs get pages of an arena, keep variables in it and link them. What is freed is
// not there any more; null stays null when it is cast.
// RUN: bpfcc --target=bpfel -O2 -g -mcpu=v4 -mkernel=6.12 -Wno-verify -c %s -o %t.o
// RUN: bpfcc --target=bpfeb -O2 -g -mcpu=v4 -mkernel=6.12 -Wno-verify -c %s -o %t.eb.o
// RUN: bpfcc run %t.o --prog fill --jit=off | FileCheck %s
// RUN: bpfcc run %t.o --prog fill --jit=template | FileCheck %s
// RUN: bpfcc run %t.o --prog fill --jit=llvm | FileCheck %s
// RUN: bpfcc run %t.eb.o --prog fill | FileCheck %s
// RUN: bpfcc run %t.o --emit-native %t.so
// RUN: bpfcc run %t.so --prog fill | FileCheck %s
// RUN: bpfcc run %t.o --prog fill --format json | FileCheck %s --check-prefix=JSON
// RUN: not bpfcc run %t.o --prog late 2> %t.err
// RUN: FileCheck %s --check-prefix=LATE < %t.err
// RUN: not bpfcc run %t.o --prog null --jit=off 2> %t.err
// RUN: FileCheck %s --check-prefix=NULL < %t.err
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

// CHECK:      return 0
// CHECK:      map arena (arena): 4 of 100 pages
// CHECK-NEXT:   total = 130821
// CHECK:      refused = 1
// JSON: "pages": 4
// LATE: in `late`: cannot read 8 bytes at arena+86000
// NULL: in `null`: cannot read 8 bytes at the null page

#define __arena __attribute__((address_space(1)))
#define PAGE 4096

struct {
  __uint(type, 33); // BPF_MAP_TYPE_ARENA
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 100);
} arena SEC(".maps");

void __arena *bpf_arena_alloc_pages(void *map, void __arena *at, __u32 pages,
                                    int node, __u64 flags) __ksym;
void bpf_arena_free_pages(void *map, void __arena *at, __u32 pages) __ksym;

struct item {
  struct item __arena *next;
  __u64 value;
};
struct item __arena *head;
__u64 __arena total = 5;
int refused;

SEC("syscall")
int fill(void *ctx) {
  struct item __arena *page = bpf_arena_alloc_pages(&arena, 0, 2, -1, 0);
  if (!page)
    return 1;
  for (int i = 0; i < 2 * PAGE / sizeof(*page); i++) {
    page[i].value = i;
    page[i].next = head;
    head = &page[i];
  }
  struct item __arena *at = head;
  for (int i = 0; at && i < 600; i++, at = at->next)
    total += at->value;
  void __arena *third = (void __arena *)page + 2 * PAGE;
  if (bpf_arena_alloc_pages(&arena, third, 1, -1, 0) != third)
    return 2;
  refused = !bpf_arena_alloc_pages(&arena, third, 1, -1, 0) +
            !!bpf_arena_alloc_pages(&arena, 0, 97, -1, 0);
  return 0;
}

SEC("syscall")
int late(void *ctx) {
  char __arena *page = bpf_arena_alloc_pages(&arena, 0, 20, -1, 0);
  if (!page)
    return 1;
  bpf_arena_free_pages(&arena, page + 19 * PAGE, 1);
  return *(__u64 __arena *)(page + 19 * PAGE - 8) +
         *(volatile __u64 __arena *)(page + 20 * PAGE - 16);
}

SEC("syscall")
int null(void *ctx) { return head->value; }

char license[] SEC("license") = "GPL";
