// Objects of the program, in a list: its lock must be held, and what is taken
// out must be dropped.
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     object-list.c:{{.*}}error: `bpf_list_push_front_impl` is called, and the lock beside the bpf_list_head is not held (`unlocked`,
// CHECK:     object-list.c:{{.*}}error: the end of the program is reached, and an object is still held (`keeps`,
// CHECK-NOT: error:

// FIXED: unlocked {{.*}} accepted
// FIXED: keeps {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct bpf_list_head { __u64 opaque[2]; } __attribute__((aligned(8)));
struct bpf_list_node { __u64 opaque[3]; } __attribute__((aligned(8)));
void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
void bpf_obj_drop_impl(void *object, void *meta) __ksym;
int bpf_list_push_front_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;
struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head) __ksym;

struct item {
  struct bpf_list_node node;
  long value;
};
struct bpf_spin_lock lock SEC(".data.items");
struct bpf_list_head items SEC(".data.items") __attribute__((btf_decl_tag("contains:item:node")));

SEC("tc") int unlocked(struct __sk_buff *skb) {
  struct item *item = bpf_obj_new_impl(bpf_core_type_id_local(struct item), 0);
  if (!item)
    return 0;
  item->value = skb->len;
#ifdef FIXED
  bpf_spin_lock(&lock);
#endif
  bpf_list_push_front_impl(&items, &item->node, 0, 0);
#ifdef FIXED
  bpf_spin_unlock(&lock);
#endif
  return 0;
}
SEC("tc") int keeps(struct __sk_buff *skb) {
  bpf_spin_lock(&lock);
  struct bpf_list_node *node = bpf_list_pop_front(&items);
  bpf_spin_unlock(&lock);
#ifdef FIXED
  if (node)
    bpf_obj_drop_impl((char *)node - __builtin_offsetof(struct item, node), 0);
#endif
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
