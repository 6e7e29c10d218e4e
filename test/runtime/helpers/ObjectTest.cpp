// Objects in lists and trees, as far as programs that no kernel takes go;
// test/differential/helpers/objects.c compares the others with the kernel.

#include "World.h"

#include "gmock/gmock.h"

#include <algorithm>
#include <random>

using namespace bpfcc;
using testing::HasSubstr;

namespace {

constexpr uint32_t Leaf = 1;
constexpr unsigned KeyAt = 32;

/// Lists and trees stand at the start of the stack.
struct Objects : World {
  Objects() {
    Env.TypeSize = [](uint32_t Type) { return Type == Leaf ? 40 : 0; };
    Env.CallBack = Less;
  }
  uint64_t make(uint64_t Key) {
    uint64_t Node = uint64_t(call("bpf_obj_new_impl", {Leaf, 0}));
    Mem.store(Mem.host(Node) + KeyAt, 8, Key);
    return Node;
  }
  uint64_t key(uint64_t Node) const {
    return Mem.load(Mem.host(Node) + KeyAt, 8);
  }
  std::function<llvm::Expected<uint64_t>(uint64_t, llvm::ArrayRef<uint64_t>)>
      Less = [this](uint64_t, llvm::ArrayRef<uint64_t> Args) {
        return llvm::Expected<uint64_t>(key(Args[0]) < key(Args[1]));
      };
};

TEST(Objects, TheLastReferenceFrees) {
  Objects W;
  uint64_t Object = W.make(7);
  EXPECT_EQ(int64_t(Object), W.call("bpf_refcount_acquire_impl", {Object, 0}));
  W.call("bpf_obj_drop_impl", {Object, 0});
  EXPECT_EQ(7u, W.key(Object));
  W.call("bpf_obj_drop_impl", {Object, 0});
  EXPECT_EQ(nullptr, W.Mem.at(Object, 8, false));
  EXPECT_THAT(W.error("bpf_obj_drop_impl", {Object, 0}),
              HasSubstr("no object starts at"));
}

TEST(Objects, UnknownTypesAreErrors) {
  Objects W;
  EXPECT_THAT(W.error("bpf_obj_new_impl", {9, 0}),
              HasSubstr("the program has no type 9"));
}

TEST(Objects, TreesKeepTheirOrder) {
  Objects W;
  std::mt19937 Random(1);
  std::vector<uint64_t> Nodes, Keys;
  for (unsigned N = 0; N != 1000; ++N) {
    Nodes.push_back(W.make(Random() % 500));
    EXPECT_EQ(0,
              W.call("bpf_rbtree_add_impl", {W.Base, Nodes.back(), 0, 0, 0}));
  }
  std::shuffle(Nodes.begin(), Nodes.end(), Random);
  for (unsigned N = 0; N != 500; ++N)
    EXPECT_EQ(int64_t(Nodes[N]),
              W.call("bpf_rbtree_remove", {W.Base, Nodes[N]}));
  EXPECT_EQ(0, W.call("bpf_rbtree_remove", {W.Base, Nodes[0]}));
  while (uint64_t First = uint64_t(W.call("bpf_rbtree_first", {W.Base}))) {
    Keys.push_back(W.key(First));
    W.call("bpf_rbtree_remove", {W.Base, First});
  }
  EXPECT_EQ(500u, Keys.size());
  EXPECT_TRUE(std::is_sorted(Keys.begin(), Keys.end()));
}

TEST(Objects, ANodeIsInOneTreeAtMost) {
  Objects W;
  uint64_t Node = W.make(1);
  W.call("bpf_refcount_acquire_impl", {Node, 0});
  EXPECT_EQ(0, W.call("bpf_rbtree_add_impl", {W.Base, Node, 0, 0, 0}));
  EXPECT_EQ(-EINVAL, W.call("bpf_rbtree_add_impl", {W.Base, Node, 0, 0, 0}));
  EXPECT_EQ(1u, W.Env.Shared->Objects[Node]);
}

TEST(Objects, DamagedTreesAreErrors) {
  Objects W;
  uint64_t A = W.make(1);
  W.call("bpf_rbtree_add_impl", {W.Base, A, 0, 0, 0});
  W.Mem.store(W.Mem.host(A) + 8, 8, A); // its own left child
  EXPECT_THAT(W.error("bpf_rbtree_first", {W.Base}),
              HasSubstr("the tree is damaged"));
}

TEST(Objects, DamagedListsAreErrors) {
  Objects W;
  uint64_t A = W.make(1);
  W.call("bpf_list_push_back_impl", {W.Base, A, 0, 0});
  W.Mem.store(W.Mem.host(A), 8, 0x123); // what follows
  EXPECT_THAT(W.error("bpf_list_pop_front", {W.Base}),
              HasSubstr("the list is damaged"));
}

} // namespace
