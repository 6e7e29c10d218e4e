#include "backend/link/TypeMerge.h"

#include "backend/btf/BtfEncode.h"
#include "backend/link/Forwards.h"
#include "backend/link/TypeClasses.h"

namespace bpfcc::link {

using namespace llvm;

TypeMerge::TypeMerge(const TypePool &Pool) : G(Pool) {
  constexpr uint64_t Attempts = 8;
  constexpr unsigned Improvements = 3;
  std::vector<uint32_t> Definitions = frequentDefinitions(G);
  for (uint64_t Seed = 1; Seed <= Attempts; ++Seed) {
    Rep = TypeClasses(G, Definitions, Seed).find();
    for (unsigned N = 0; N != Improvements && !Rep.empty() &&
                         improveDefinitions(G, Rep, Definitions);
         ++N)
      Rep = TypeClasses(G, Definitions, Seed).find();
    if (Rep.empty())
      continue;
    Disputed = disputedNames(G, Rep, Definitions);
    return;
  }
  // Somebody has made types that collide on purpose: they stay apart.
  for (uint32_t N = 0; N != G.size(); ++N)
    Rep.push_back(N);
}

void TypeMerge::reach(uint32_t Number, std::vector<bool> &Set) const {
  SmallVector<uint32_t, 16> Work{Number};
  while (!Work.empty()) {
    uint32_t R = Rep[Work.pop_back_val()];
    if (Set[R])
      continue;
    Set[R] = true;
    G.forEachTarget(R, [&](uint32_t To) { Work.push_back(To); });
  }
}

void TypeMerge::write(btf::Writer &W, const std::vector<bool> &Wanted) {
  Written.assign(G.size(), 0);
  std::vector<uint32_t> Order;
  uint32_t Next = uint32_t(W.numTypes());
  for (uint32_t N = 1; N != G.size(); ++N) {
    uint32_t R = Rep[N];
    if (Written[R] || !Wanted[R])
      continue;
    Written[R] = ++Next;
    Order.push_back(R);
  }
  for (uint32_t N : Order)
    W.add(encodeType(G.type(N), W,
                     [&](uint32_t To) { return Written[Rep[To]]; }));
}

} // namespace bpfcc::link
