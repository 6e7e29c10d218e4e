// Objects of a program's own types in lists and trees.
#include "random.h"

struct bpf_list_head {
  __u64 Opaque[2];
} __attribute__((aligned(8)));
struct bpf_list_node {
  __u64 Opaque[3];
} __attribute__((aligned(8)));
struct bpf_rb_root {
  __u64 Opaque[2];
} __attribute__((aligned(8)));
struct bpf_rb_node {
  __u64 Opaque[4];
} __attribute__((aligned(8)));

void *bpf_obj_new_impl(__u64 Type, void *Meta) __ksym;
void bpf_obj_drop_impl(void *Object, void *Meta) __ksym;
int bpf_list_push_front_impl(struct bpf_list_head *Head,
                             struct bpf_list_node *Node, void *Meta,
                             __u64 Offset) __ksym;
int bpf_list_push_back_impl(struct bpf_list_head *Head,
                            struct bpf_list_node *Node, void *Meta,
                            __u64 Offset) __ksym;
struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *Head) __ksym;
struct bpf_list_node *bpf_list_pop_back(struct bpf_list_head *Head) __ksym;
int bpf_rbtree_add_impl(struct bpf_rb_root *Root, struct bpf_rb_node *Node,
                        _Bool(Less)(struct bpf_rb_node *A,
                                    const struct bpf_rb_node *B),
                        void *Meta, __u64 Offset) __ksym;
struct bpf_rb_node *bpf_rbtree_remove(struct bpf_rb_root *Root,
                                      struct bpf_rb_node *Node) __ksym;
struct bpf_rb_node *bpf_rbtree_first(struct bpf_rb_root *Root) __ksym;

#define contains(Type, Member)                                                 \
  __attribute__((btf_decl_tag("contains:" #Type ":" #Member)))
#define newObject(Type)                                                        \
  bpf_obj_new_impl(__builtin_btf_type_id(*(Type *)0, 0), 0)
#define objectOf(Node, Type, Member)                                           \
  ((Type *)((void *)(Node) - __builtin_offsetof(Type, Member)))

struct item {
  __u32 Value;
  struct bpf_list_node Node;
};

struct leaf {
  struct bpf_rb_node Node;
  __u32 Key;
};

#define PRIVATE(Name)                                                          \
  SEC(".bss." #Name) __attribute__((visibility("hidden"), aligned(8)))
PRIVATE(A) struct bpf_spin_lock Lock;
PRIVATE(A) struct bpf_list_head List contains(item, Node);
PRIVATE(B) struct bpf_spin_lock TreeLock;
PRIVATE(B) struct bpf_rb_root Tree contains(leaf, Node);

SEC("tc") int list(struct __sk_buff *Skb) {
  __u32 Sum = 0;
  for (int I = 0; I < 3; I++) {
    struct item *New = newObject(struct item);
    if (!New)
      return -1;
    New->Value = random();
    bpf_spin_lock(&Lock);
    if (New->Value & 1)
      bpf_list_push_front_impl(&List, &New->Node, 0, 0);
    else
      bpf_list_push_back_impl(&List, &New->Node, 0, 0);
    bpf_spin_unlock(&Lock);
  }
  for (int I = 0; I < 4; I++) {
    _Bool Front = below(2);
    bpf_spin_lock(&Lock);
    struct bpf_list_node *Node =
        Front ? bpf_list_pop_front(&List) : bpf_list_pop_back(&List);
    bpf_spin_unlock(&Lock);
    if (!Node)
      break;
    struct item *Old = objectOf(Node, struct item, Node);
    Sum = Sum * 31 + Old->Value;
    bpf_obj_drop_impl(Old, 0);
    if (below(3) == 0)
      break;
  }
  return Sum;
}

static _Bool less(struct bpf_rb_node *A, const struct bpf_rb_node *B) {
  return objectOf(A, struct leaf, Node)->Key <
         objectOf(B, struct leaf, Node)->Key;
}

SEC("tc") int tree(struct __sk_buff *Skb) {
  __u32 Sum = 0;
  for (int I = 0; I < 3; I++) {
    struct leaf *New = newObject(struct leaf);
    if (!New)
      return -1;
    New->Key = random();
    bpf_spin_lock(&TreeLock);
    bpf_rbtree_add_impl(&Tree, &New->Node, less, 0, 0);
    bpf_spin_unlock(&TreeLock);
  }
  for (int I = 0; I < 4; I++) {
    bpf_spin_lock(&TreeLock);
    struct bpf_rb_node *Node = bpf_rbtree_first(&Tree);
    if (!Node) {
      bpf_spin_unlock(&TreeLock);
      break;
    }
    Node = bpf_rbtree_remove(&Tree, Node);
    bpf_spin_unlock(&TreeLock);
    if (!Node)
      return -2;
    struct leaf *Old = objectOf(Node, struct leaf, Node);
    Sum = Sum * 31 + Old->Key;
    bpf_obj_drop_impl(Old, 0);
    if (below(3) == 0)
      break;
  }
  return Sum;
}

char _license[] SEC("license") = "GPL";
