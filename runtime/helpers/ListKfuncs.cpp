// Linked lists of objects. As in the kernel, a struct bpf_list_head and the
// first 16 bytes of a struct bpf_list_node are the guest addresses of the next
// and the previous node in a ring, and the last 8 bytes of a node say in which
// list it is. An unverified program can write to them, so each is checked.

#include "runtime/helpers/Call.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>

using namespace llvm;

namespace bpfcc {
namespace {

constexpr unsigned NextAt = 0, PreviousAt = 8, OwnerAt = 16;

class Ring {
public:
  /// Of the list whose head is argument 0.
  explicit Ring(Call &C) : C(C), Head(C.R[0]) {
    if (!C.load(C.Mem[0] + NextAt, 8)) { // zeroes are an empty list
      C.store(C.Mem[0] + NextAt, 8, Head);
      C.store(C.Mem[0] + PreviousAt, 8, Head);
    }
  }

  /// The neighbour of the head at its front or its back.
  uint64_t end(bool Front) const {
    return C.load(C.Mem[0] + (Front ? NextAt : PreviousAt), 8);
  }
  bool isEmpty() const { return end(true) == Head; }

  /// Joins \p A and \p B, so that \p B follows. False if one is no memory.
  bool join(uint64_t A, uint64_t B) {
    uint8_t *First = C.Env.Mem.at(A, 16, true);
    uint8_t *Second = C.Env.Mem.at(B, 16, true);
    if (!First || !Second)
      return false;
    C.store(First + NextAt, 8, B);
    C.store(Second + PreviousAt, 8, A);
    return true;
  }

  Error damaged() const { return C.error("the list is damaged"); }

private:
  Call &C;
  uint64_t Head;
};

template <bool Front> Result push(Call &C) {
  Ring List(C);
  uint64_t Node = C.R[1];
  if (C.load(C.Mem[1] + OwnerAt, 8)) { // in a list already
    if (Error E = dropObject(C, Node - C.R[3]))
      return std::move(E);
    return fail(EINVAL);
  }
  uint64_t End = List.end(Front);
  bool Good = Front ? List.join(Node, End) && List.join(C.R[0], Node)
                    : List.join(End, Node) && List.join(Node, C.R[0]);
  if (!Good)
    return List.damaged();
  C.store(C.Mem[1] + OwnerAt, 8, C.R[0]);
  return 0;
}

template <bool Front> Result pop(Call &C) {
  Ring List(C);
  if (List.isEmpty())
    return 0;
  uint64_t Node = List.end(Front);
  uint8_t *Host = C.Env.Mem.at(Node, 24, true);
  if (!Host ||
      !List.join(C.load(Host + PreviousAt, 8), C.load(Host + NextAt, 8)))
    return List.damaged();
  List.join(Node, Node);
  C.store(Host + OwnerAt, 8, 0);
  return Node;
}

} // namespace

HelperFunction listKfunc(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("list_push_front_impl", push<true>)
      .Case("list_push_back_impl", push<false>)
      .Case("list_pop_front", pop<true>)
      .Case("list_pop_back", pop<false>)
      .Default(nullptr);
}

} // namespace bpfcc
