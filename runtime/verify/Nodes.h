#ifndef BPFCC_RUNTIME_VERIFY_NODES_H
#define BPFCC_RUNTIME_VERIFY_NODES_H

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <vector>

namespace bpfcc::verify {

/// Where each value of a register or stack slot came from, and what of it was
/// needed afterwards.
///
/// Two states at one instruction are alike for what follows if they agree in
/// what is read later; of a number its bounds matter only if memory, a size or
/// a decided branch rested on them. Both is known when all that follows has
/// been seen. So a kept state holds nodes, and what follows marks them:
///
///   r1 = *(u64 *)(r2 + 0)     node 1 of r1
///   (a state is kept)         node 2 of r1, renews 1; the kept state has 2
///   r3 = r1                   node 3 of r3, made of 2; 2 and 1 are read
///   r4 = r10; r4 += r3        3, 2 and 1 are needed precisely
///
/// Reading passes through renewals alone, precision through all operands. Marks
/// end where one is already, so that marking costs no more than making.
class Nodes {
public:
  using Id = uint32_t; ///< 0 is no node

  Nodes() : All(1) {}

  /// A value that instruction \p Inst made of \p A and \p B.
  Id define(uint32_t Inst, Id A = 0, Id B = 0) { return add(Inst, A, B, 0); }
  /// The value \p A in a state of its own, or with bounds that \p B gave it.
  Id renew(Id A, Id B = 0) { return add(All[A].Inst, A, B, Renews); }

  void markRead(Id N) {
    while (N && !(All[N].Flags & Read)) {
      All[N].Flags |= Read;
      N = All[N].Flags & Renews ? All[N].A : 0;
    }
  }
  void markPrecise(Id N);

  bool isRead(Id N) const { return All[N].Flags & Read; }
  bool isPrecise(Id N) const { return All[N].Flags & Precise; }

  /// The instruction that made the value.
  uint32_t inst(Id N) const { return All[N].Inst; }
  /// What \p N renews; 0 if it does not.
  Id renewed(Id N) const { return All[N].Flags & Renews ? All[N].A : 0; }
  /// \p N, or the value that it renews.
  Id origin(Id N) const;
  /// The first value that \p N, which renews none, was made of; 0 for none.
  Id madeOf(Id N) const { return All[N].A; }
  /// The same of any, renewals left out.
  Id operand(Id N) const { return origin(madeOf(origin(N))); }
  /// The value that was made last.
  Id last() const { return Id(All.size() - 1); }

private:
  enum : uint8_t { Renews = 1, Read = 2, Precise = 4 };
  struct Node {
    Id A = 0, B = 0;
    uint32_t Inst = 0;
    uint8_t Flags = 0;
  };
  Id add(uint32_t Inst, Id A, Id B, uint8_t Flags) {
    All.push_back({A, B, Inst, Flags});
    return Id(All.size() - 1);
  }
  std::vector<Node> All;
};

} // namespace bpfcc::verify

#endif
