// Which of the types of several files are equal?
//
// needs: types whose cycles all pass through structures or unions (readBtf()
//        refuses others); what forward declarations stand for
// gives: for each type one that stands for all of its equals
//
//   a.o:  struct list { struct list *next; }   int   struct task;
//   b.o:  struct list { struct list *next; }   int   struct task { int pid; }
//   ->    struct list { struct list *next; }   int   struct task { int pid; }
//
// Two types are equal if what they say of themselves is equal and what they
// refer to is equal: the coarsest bisimulation of the graph of types. It is
// found by refinement of a partition (Paige and Tarjan, "Three partition
// refinement algorithms", SIAM J. Comput. 16, 1987): structures begin in one
// class where names, sizes and members' names agree; where those of one class
// differ in the classes that they refer to, the class is split, and what refers
// to the part that left it is looked at again. All other types are hashed from
// below, since between structures there are no cycles.
//
// Hashes only propose: each type is compared with the one that is to stand for
// it.

#include "backend/link/TypeClasses.h"

namespace bpfcc::link {

using namespace llvm;

TypeClasses::TypeClasses(TypeGraph &G, ArrayRef<uint32_t> Definitions,
                         uint64_t Seed)
    : G(G), Definitions(Definitions), Seed(Seed), Class(G.size(), NoClass),
      Hash(G.size()), IsHashed(G.size()) {}

std::vector<uint32_t> TypeClasses::find() {
  startEnums();
  startRecords();
  std::vector<uint32_t> Dirty;
  for (uint32_t N = 1; N != G.size(); ++N)
    if (G.isRecord(N))
      Dirty.push_back(N);
  while (!Dirty.empty())
    Dirty = usersOf(split(Dirty));
  return represent();
}

/// An `enum e;` is hashed as the first that has enumerators.
void TypeClasses::startEnums() {
  DenseMap<uint64_t, uint64_t> Full;
  std::vector<uint32_t> Open;
  for (uint32_t N = 1; N != G.size(); ++N) {
    if (!G.isEnum(N))
      continue;
    const BtfFile::Type &T = G.type(N);
    Hash[N] = mixHash(Seed, G.label(N));
    IsHashed[N] = true;
    if (G.isForward(N))
      Open.push_back(N);
    else if (!T.Name.empty())
      Full.try_emplace(asKey(nameHash(T)), Hash[N]);
  }
  for (uint32_t N : Open)
    if (auto It = Full.find(asKey(nameHash(G.type(N)))); It != Full.end())
      Hash[N] = It->second;
}

void TypeClasses::startRecords() {
  DenseMap<uint64_t, uint32_t> ByLabel;
  auto ClassFor = [&](uint32_t N) {
    auto [It, New] = ByLabel.try_emplace(asKey(G.label(N)), Sizes.size());
    if (New)
      Sizes.push_back(0);
    return It->second;
  };
  for (uint32_t N = 1; N != G.size(); ++N)
    if (G.isRecord(N)) {
      Class[N] = ClassFor(N);
      ++Sizes[Class[N]];
    }
  for (uint32_t N = 1; N != G.size(); ++N)
    if (G.isRecordForward(N)) {
      uint32_t D = Definitions[N];
      Class[N] = D == NoNode ? ClassFor(N) : Class[D];
      if (D != NoNode)
        Forwards[D].push_back(N);
    }
}

/// Recursion ends at structures, and readBtf() bounds its depth.
uint64_t TypeClasses::hash(uint32_t Node) {
  if (Class[Node] != NoClass)
    return mixHash(Seed, Class[Node]);
  if (!IsHashed[Node]) {
    uint64_t H = mixHash(Seed, G.label(Node));
    G.forEachTarget(Node, [&](uint32_t To) { H = mixHash(H, hash(To)); });
    Hash[Node] = H;
    IsHashed[Node] = true;
  }
  return Hash[Node];
}

/// Splits the classes of \p Dirty, all of whose other members still refer to
/// the same classes. Gives what is in another class now.
std::vector<uint32_t> TypeClasses::split(ArrayRef<uint32_t> Dirty) {
  struct Group {
    uint32_t Old, Count = 0, New = NoClass;
  };
  std::vector<Group> Groups;
  DenseMap<uint64_t, uint32_t> BySignature;
  std::vector<uint32_t> GroupOf;
  for (uint32_t N : Dirty) {
    uint64_t H = hash(N);
    G.forEachTarget(N, [&](uint32_t To) { H = mixHash(H, hash(To)); });
    auto [It, New] = BySignature.try_emplace(asKey(H), Groups.size());
    if (New)
      Groups.push_back({Class[N]});
    GroupOf.push_back(It->second);
    ++Groups[It->second].Count;
  }
  // The largest group keeps the class, unless members that are not dirty do.
  struct Old {
    uint32_t Count = 0, Largest = NoClass;
  };
  DenseMap<uint32_t, Old> Olds;
  for (uint32_t I = 0; I != Groups.size(); ++I) {
    Old &O = Olds[Groups[I].Old];
    O.Count += Groups[I].Count;
    if (O.Largest == NoClass || Groups[I].Count > Groups[O.Largest].Count)
      O.Largest = I;
  }
  for (uint32_t I = 0; I != Groups.size(); ++I) {
    Group &Gr = Groups[I];
    const Old &O = Olds[Gr.Old];
    if (O.Count == Sizes[Gr.Old] && O.Largest == I)
      continue;
    Gr.New = uint32_t(Sizes.size());
    Sizes.push_back(Gr.Count);
  }
  for (Group &Gr : Groups)
    if (Gr.New != NoClass)
      Sizes[Gr.Old] -= Gr.Count;
  std::vector<uint32_t> Moved;
  auto Move = [&](uint32_t N, uint32_t To) {
    Class[N] = To;
    Moved.push_back(N);
  };
  for (size_t I = 0; I != Dirty.size(); ++I) {
    uint32_t To = Groups[GroupOf[I]].New;
    if (To == NoClass)
      continue;
    Move(Dirty[I], To);
    if (auto It = Forwards.find(Dirty[I]); It != Forwards.end())
      for (uint32_t F : It->second)
        Move(F, To);
  }
  return Moved;
}

/// The structures that refer to \p Moved, if only by types that are no
/// structures; the hashes of those are forgotten.
std::vector<uint32_t> TypeClasses::usersOf(std::vector<uint32_t> Moved) {
  std::vector<uint32_t> Users, Seen;
  if (IsSeen.empty())
    IsSeen.resize(G.size());
  for (size_t I = 0; I != Moved.size(); ++I)
    for (uint32_t User : G.users(Moved[I])) {
      if (IsSeen[User])
        continue;
      IsSeen[User] = true;
      Seen.push_back(User);
      if (G.isRecord(User)) {
        Users.push_back(User);
      } else {
        IsHashed[User] = false;
        Moved.push_back(User);
      }
    }
  for (uint32_t N : Seen)
    IsSeen[N] = false;
  return Users;
}

std::vector<uint32_t> TypeClasses::represent() {
  std::vector<uint32_t> Rep(G.size());
  DenseMap<uint64_t, uint32_t> ByHash;
  for (bool Forward : {false, true})
    for (uint32_t N = 1; N != G.size(); ++N) {
      if (G.isForward(N) == Forward)
        Rep[N] = ByHash.try_emplace(asKey(hash(N)), N).first->second;
    }
  for (uint32_t N = 1; N != G.size(); ++N)
    if (Rep[N] != N && !areEqual(N, Rep[N], Rep))
      return {};
  return Rep;
}

bool TypeClasses::areEqual(uint32_t A, uint32_t B,
                           ArrayRef<uint32_t> Rep) const {
  const BtfFile::Type &X = G.type(A), &Y = G.type(B);
  if (isForward(X) && !isForward(Y))
    return X.Name == Y.Name && nameHash(X) == nameHash(Y);
  if (!sameLabel(X, Y))
    return false;
  SmallVector<uint32_t, 16> Targets;
  G.forEachTarget(A, [&](uint32_t To) { Targets.push_back(Rep[To]); });
  size_t N = 0;
  bool Equal = true;
  G.forEachTarget(B, [&](uint32_t To) { Equal &= Targets[N++] == Rep[To]; });
  return Equal;
}

} // namespace bpfcc::link
