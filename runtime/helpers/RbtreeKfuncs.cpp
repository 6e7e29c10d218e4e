// Ordered trees of objects. A struct bpf_rb_node holds the guest addresses of
// its parent and its two children, and the tree that it is in; a struct
// bpf_rb_root holds that of the topmost node. Programs see only the order, so
// that this is a treap (Seidel and Aragon, "Randomized search trees"): a search
// tree by the program's order, and a heap by a number that a node's address
// gives.
//
// An unverified program can write to nodes, so each address is checked, and no
// walk is longer than a way down and up.

#include "runtime/helpers/Call.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>

using namespace llvm;

namespace bpfcc {
namespace {

constexpr unsigned ParentAt = 0, LeftAt = 8, RightAt = 16, OwnerAt = 24;

/// splitmix64's mixing function.
uint64_t priority(uint64_t Node) {
  Node = (Node ^ Node >> 30) * 0xbf58476d1ce4e5b9;
  Node = (Node ^ Node >> 27) * 0x94d049bb133111eb;
  return Node ^ Node >> 31;
}

/// The tree whose root is argument 0.
class Tree {
public:
  explicit Tree(Call &C) : C(C) {
    std::lock_guard Locked(C.Env.Shared->Lock);
    Steps = 2 * C.Env.Shared->Objects.size() + 2;
  }

  uint64_t top() const { return C.load(C.Mem[0], 8); }

  /// A field of \p Node; 0, and a damaged tree, if it is no memory.
  uint64_t get(uint64_t Node, unsigned Field) {
    const uint8_t *Host = C.Env.Mem.at(Node, 32, true);
    Damaged |= !Host;
    return Host ? C.load(Host + Field, 8) : 0;
  }
  void set(uint64_t Node, unsigned Field, uint64_t Value) {
    uint8_t *Host = C.Env.Mem.at(Node, 32, true);
    Damaged |= !Host;
    if (Host)
      C.store(Host + Field, 8, Value);
  }

  /// Puts \p Node below \p Parent, or on top if that is 0.
  void insert(uint64_t Node, uint64_t Parent, unsigned Side) {
    set(Node, ParentAt, Parent);
    set(Node, LeftAt, 0);
    set(Node, RightAt, 0);
    set(Node, OwnerAt, C.R[0]);
    if (Parent)
      set(Parent, Side, Node);
    else
      C.store(C.Mem[0], 8, Node);
    while (uint64_t Above = walk() ? get(Node, ParentAt) : 0) {
      if (priority(Above) >= priority(Node))
        break;
      raise(Node);
    }
  }

  void remove(uint64_t Node) {
    while (walk()) {
      uint64_t Left = get(Node, LeftAt), Right = get(Node, RightAt);
      if (!Left || !Right) {
        replace(Node, Left ? Left : Right);
        break;
      }
      raise(priority(Left) > priority(Right) ? Left : Right);
    }
    set(Node, OwnerAt, 0);
  }

  /// Counts a step of a walk; false once the tree is known to be damaged.
  bool walk() {
    Damaged |= Steps-- == 0;
    return !Damaged;
  }
  bool isDamaged() const { return Damaged; }
  Error damaged() const { return C.error("the tree is damaged"); }

private:
  /// \p By, which may be 0, takes the place of \p Node below its parent.
  void replace(uint64_t Node, uint64_t By) {
    uint64_t Parent = get(Node, ParentAt);
    if (!Parent)
      C.store(C.Mem[0], 8, By);
    else
      set(Parent, get(Parent, LeftAt) == Node ? LeftAt : RightAt, By);
    if (By)
      set(By, ParentAt, Parent);
  }

  /// Rotates \p Node above its parent.
  void raise(uint64_t Node) {
    uint64_t Parent = get(Node, ParentAt);
    bool IsLeft = get(Parent, LeftAt) == Node;
    unsigned Near = IsLeft ? LeftAt : RightAt, Far = IsLeft ? RightAt : LeftAt;
    uint64_t Middle = get(Node, Far);
    replace(Parent, Node);
    set(Parent, Near, Middle);
    if (Middle)
      set(Middle, ParentAt, Parent);
    set(Node, Far, Parent);
    set(Parent, ParentAt, Node);
  }

  Call &C;
  uint64_t Steps;
  bool Damaged = false;
};

/// Equal nodes follow those that came before.
Result add(Call &C) {
  uint64_t Node = C.R[1];
  if (C.load(C.Mem[1] + OwnerAt, 8)) { // in a tree already
    if (Error E = dropObject(C, Node - C.R[4]))
      return std::move(E);
    return fail(EINVAL);
  }
  Tree T(C);
  uint64_t Parent = 0;
  unsigned Side = LeftAt;
  for (uint64_t Next = T.top(); Next && T.walk(); Next = T.get(Parent, Side)) {
    Parent = Next;
    Result Less = C.Env.CallBack(C.R[2], {Node, Parent});
    if (!Less)
      return Less;
    Side = *Less ? LeftAt : RightAt;
  }
  if (!T.isDamaged())
    T.insert(Node, Parent, Side);
  return T.isDamaged() ? Result(T.damaged()) : 0;
}

Result remove(Call &C) {
  if (C.load(C.Mem[1] + OwnerAt, 8) != C.R[0])
    return 0;
  Tree T(C);
  T.remove(C.R[1]);
  return T.isDamaged() ? Result(T.damaged()) : C.R[1];
}

Result first(Call &C) {
  Tree T(C);
  uint64_t Node = 0;
  for (uint64_t Next = T.top(); Next && T.walk(); Next = T.get(Node, LeftAt))
    Node = Next;
  return T.isDamaged() ? Result(T.damaged()) : Node;
}

} // namespace

HelperFunction rbtreeKfunc(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("rbtree_add_impl", add)
      .Case("rbtree_remove", remove)
      .Case("rbtree_first", first)
      .Default(nullptr);
}

} // namespace bpfcc
