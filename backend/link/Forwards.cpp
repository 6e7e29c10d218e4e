// What does `struct b;` stand for, if files define `struct b` differently?
//
//   a.o:  struct user { struct b *p; }   struct b;
//   b.o:  struct user { struct b *p; }   struct b { int x; }
//   c.o:  struct other { struct b *q; }  struct b { long y; }
//
// For b.o's: a.o's users of it look like those of b.o, so that `struct user` is
// one type. A look is a hash of a structure in which others count by their
// names alone.

#include "backend/link/Forwards.h"

#include "backend/link/TypeClasses.h"

#include "llvm/ADT/MapVector.h"

namespace bpfcc::link {

using namespace llvm;
using namespace btf;

std::vector<uint32_t> frequentDefinitions(TypeGraph &G) {
  struct Candidate {
    uint32_t First, Count = 0;
  };
  std::vector<uint32_t> Definitions(G.size(), NoNode);
  DenseMap<uint64_t, Candidate> ByLabel;
  DenseMap<uint64_t, Candidate> Best; // by name
  std::vector<uint32_t> Forwards;
  for (uint32_t N = 1; N != G.size(); ++N)
    if (G.isRecordForward(N)) {
      Forwards.push_back(N);
      Best.try_emplace(asKey(nameHash(G.type(N))), Candidate{NoNode});
    }
  for (uint32_t N = 1; N != G.size() && !Forwards.empty(); ++N) {
    if (!G.isRecord(N))
      continue;
    const BtfFile::Type &T = G.type(N);
    auto Named = Best.find(asKey(nameHash(T)));
    if (Named == Best.end())
      continue;
    Candidate &C =
        ByLabel.try_emplace(asKey(G.label(N)), Candidate{N}).first->second;
    C.Count += G.count(N);
    if (C.Count > Named->second.Count)
      Named->second = C;
  }
  for (uint32_t N : Forwards)
    Definitions[N] = Best.find(asKey(nameHash(G.type(N))))->second.First;
  return Definitions;
}

StringSet<> disputedNames(TypeGraph &G, ArrayRef<uint32_t> Rep,
                          ArrayRef<uint32_t> Definitions) {
  DenseMap<uint64_t, uint32_t> Classes;
  for (uint32_t N = 1; N != G.size(); ++N)
    if (Definitions[N] != NoNode)
      Classes[asKey(nameHash(G.type(N)))] = NoNode;
  StringSet<> Disputed;
  for (uint32_t N = 1; N != G.size() && !Classes.empty(); ++N) {
    if (!G.isRecord(N))
      continue;
    auto It = Classes.find(asKey(nameHash(G.type(N))));
    if (It == Classes.end())
      continue;
    if (It->second != NoNode && It->second != Rep[N])
      Disputed.insert(G.type(N).Name);
    It->second = Rep[N];
  }
  return Disputed;
}

namespace {

class Voting {
public:
  Voting(TypeGraph &G, ArrayRef<uint32_t> Rep,
         std::vector<uint32_t> &Definitions)
      : G(G), Rep(Rep), Definitions(Definitions),
        Disputed(disputedNames(G, Rep, Definitions)), Looks(G.size()),
        HasLook(G.size()), Steps(8ull * G.size() + (1u << 16)) {}

  bool run() {
    if (Disputed.empty())
      return false;
    for (uint32_t N = 1; N != G.size(); ++N)
      if (G.isRecord(N) && isDisputed(N))
        forEachUser(N, [&](uint32_t User) {
          Votes[asKey(keyOf(User, N))][Rep[N]] += G.count(User);
        });
    bool Changed = false;
    for (uint32_t N = 1; N != G.size(); ++N)
      if (Definitions[N] != NoNode && isDisputed(N))
        Changed |= decide(N);
    return Changed;
  }

private:
  bool isDisputed(uint32_t N) const {
    return Disputed.contains(G.type(N).Name);
  }

  uint64_t look(uint32_t N) {
    const BtfFile::Type &T = G.type(N);
    if (isRecord(T.K) || T.K == KindFwd)
      return T.Name.empty() ? G.label(N) : nameHash(T);
    if (!HasLook[N]) {
      uint64_t H = G.label(N);
      G.forEachTarget(N, [&](uint32_t To) { H = mixHash(H, look(To)); });
      Looks[N] = H;
      HasLook[N] = true;
    }
    return Looks[N];
  }

  /// What \p User looks like, and the name of \p N, which it refers to.
  uint64_t keyOf(uint32_t User, uint32_t N) {
    uint64_t H = G.label(User);
    G.forEachTarget(User, [&](uint32_t To) { H = mixHash(H, look(To)); });
    return mixHash(H, nameHash(G.type(N)));
  }

  /// The structures that refer to \p N, if only by other types; not all of
  /// them where they are very many.
  template <typename Fn> void forEachUser(uint32_t N, Fn Visit) {
    std::vector<uint32_t> Work{N};
    for (size_t I = 0; I != Work.size(); ++I)
      for (uint32_t User : G.users(Work[I])) {
        if (Steps == 0)
          return;
        --Steps;
        if (G.isRecord(User))
          Visit(User);
        else
          Work.push_back(User);
      }
  }

  bool decide(uint32_t N) {
    SmallMapVector<uint32_t, unsigned, 4> Sum;
    forEachUser(N, [&](uint32_t User) {
      auto It = Votes.find(asKey(keyOf(User, N)));
      if (It != Votes.end())
        for (auto [Class, Count] : It->second)
          Sum[Class] += Count;
    });
    uint32_t Best = Rep[Definitions[N]];
    unsigned Most = Sum.lookup(Best);
    for (auto [Class, Count] : Sum)
      if (Count > Most) {
        Best = Class;
        Most = Count;
      }
    bool Changed = Best != Rep[Definitions[N]];
    if (Changed)
      Definitions[N] = Best;
    return Changed;
  }

  TypeGraph &G;
  ArrayRef<uint32_t> Rep;
  std::vector<uint32_t> &Definitions;
  const StringSet<> Disputed;
  DenseMap<uint64_t, SmallMapVector<uint32_t, unsigned, 2>> Votes;
  std::vector<uint64_t> Looks;
  std::vector<bool> HasLook;
  uint64_t Steps; ///< that may still be taken
};

} // namespace

bool improveDefinitions(TypeGraph &G, ArrayRef<uint32_t> Rep,
                        std::vector<uint32_t> &Definitions) {
  return Voting(G, Rep, Definitions).run();
}

} // namespace bpfcc::link
