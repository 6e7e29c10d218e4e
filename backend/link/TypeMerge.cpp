// Which of the types of several files are equal?
//
// needs: types whose cycles all pass through structures or unions (readBtf()
//        refuses others)
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
// A forward declaration goes with the structures of its name; where there are
// different ones, with the most frequent.
//
// Hashes only propose: each type is compared with the one that is to stand for
// it, and if any is not its equal, all starts again with another seed.

#include "backend/link/TypeMerge.h"

#include "backend/btf/BtfEncode.h"
#include "backend/link/TypeGraph.h"

namespace bpfcc::link {

using namespace llvm;
using namespace btf;

struct TypeMerge::Graph {
  explicit Graph(ArrayRef<const BtfFile *> Files) {
    static const BtfFile::Type Void;
    Types.push_back(&Void);
    for (const BtfFile *F : Files) {
      Base.push_back(uint32_t(Types.size() - 1));
      if (!F)
        continue;
      for (const BtfFile::Type &T : ArrayRef(F->Types).drop_front()) {
        Types.push_back(&T);
        BaseOf.push_back(Base.back());
      }
    }
    BaseOf.insert(BaseOf.begin(), 0);
  }

  uint32_t target(uint32_t Node, uint32_t Id) const {
    return Id ? BaseOf[Node] + Id : 0;
  }
  template <typename Fn> void forEachTarget(uint32_t Node, Fn Visit) const {
    forEachReference(*Types[Node],
                     [&](uint32_t Id) { Visit(target(Node, Id)); });
  }

  std::vector<const BtfFile::Type *> Types; ///< by node
  std::vector<uint32_t> BaseOf;             ///< by node: that of its file
  std::vector<uint32_t> Base;               ///< by file
};

namespace {

constexpr uint32_t None = ~0u;

/// One attempt to find the classes, with one seed.
template <typename Graph> class Classes {
public:
  Classes(const Graph &G, uint64_t Seed)
      : G(G), Seed(Seed), Class(G.Types.size(), None), Hash(G.Types.size()),
        IsHashed(G.Types.size()) {}

  /// By node, the one that stands for it; empty if hashes have collided.
  std::vector<uint32_t> find() {
    startEnums();
    startRecords();
    std::vector<uint32_t> Dirty;
    for (uint32_t N = 1; N != G.Types.size(); ++N)
      if (isRecord(G.Types[N]->K))
        Dirty.push_back(N);
    while (!Dirty.empty())
      Dirty = usersOf(split(Dirty));
    return represent();
  }

private:
  uint64_t nameKey(const BtfFile::Type &T) const {
    bool IsUnion = T.K == KindUnion || (T.K == KindFwd && T.Flag);
    return mixHash(xxh3(T.Name), IsUnion);
  }
  static uint64_t xxh3(StringRef S) { return hash_value(S); }

  /// An `enum e;` is hashed as the first that has enumerators.
  void startEnums() {
    DenseMap<uint64_t, uint64_t> Full;
    std::vector<uint32_t> Open;
    for (uint32_t N = 1; N != G.Types.size(); ++N) {
      const BtfFile::Type &T = *G.Types[N];
      if (T.K != KindEnum && T.K != KindEnum64)
        continue;
      Hash[N] = labelHash(T, Seed);
      IsHashed[N] = true;
      if (isForward(T))
        Open.push_back(N);
      else if (!T.Name.empty())
        Full.try_emplace(nameKey(T), Hash[N]);
    }
    for (uint32_t N : Open)
      if (auto It = Full.find(nameKey(*G.Types[N])); It != Full.end())
        Hash[N] = It->second;
  }

  void startRecords() {
    DenseMap<uint64_t, uint32_t> ByLabel, ByName; // ByName: most frequent
    std::vector<uint32_t> Forwards;
    auto ClassFor = [&](const BtfFile::Type &T) {
      auto [It, New] = ByLabel.try_emplace(labelHash(T, Seed), Sizes.size());
      if (New)
        Sizes.push_back(0);
      return It->second;
    };
    for (uint32_t N = 1; N != G.Types.size(); ++N) {
      const BtfFile::Type &T = *G.Types[N];
      if (T.K == KindFwd)
        Forwards.push_back(N);
      if (!isRecord(T.K))
        continue;
      Class[N] = ClassFor(T);
      ++Sizes[Class[N]];
      if (!T.Name.empty()) {
        uint32_t &Best = ByName.try_emplace(nameKey(T), Class[N]).first->second;
        if (Sizes[Class[N]] > Sizes[Best])
          Best = Class[N];
      }
    }
    for (uint32_t N : Forwards) {
      auto It = ByName.find(nameKey(*G.Types[N]));
      Class[N] = It != ByName.end() ? It->second : ClassFor(*G.Types[N]);
    }
  }

  /// Recursion ends at structures, and readBtf() bounds its depth.
  uint64_t hash(uint32_t Node) {
    if (Class[Node] != None)
      return mixHash(Seed, Class[Node]);
    if (!IsHashed[Node]) {
      uint64_t H = labelHash(*G.Types[Node], Seed);
      G.forEachTarget(Node, [&](uint32_t To) { H = mixHash(H, hash(To)); });
      Hash[Node] = H;
      IsHashed[Node] = true;
    }
    return Hash[Node];
  }

  /// Splits the classes of \p Dirty, all of whose other members still refer to
  /// the same classes. Gives the structures that are in another class now.
  std::vector<uint32_t> split(ArrayRef<uint32_t> Dirty) {
    struct Group {
      uint32_t Old, Count = 0, New = None;
    };
    std::vector<Group> Groups;
    DenseMap<uint64_t, uint32_t> BySignature;
    std::vector<uint32_t> GroupOf;
    for (uint32_t N : Dirty) {
      uint64_t H = hash(N);
      G.forEachTarget(N, [&](uint32_t To) { H = mixHash(H, hash(To)); });
      auto [It, New] =
          BySignature.try_emplace(H & ~(1ull << 63), Groups.size());
      if (New)
        Groups.push_back({Class[N]});
      GroupOf.push_back(It->second);
      ++Groups[It->second].Count;
    }
    // The largest group keeps the class, unless members that are not dirty do.
    struct Old {
      uint32_t Count = 0, Largest = None;
    };
    DenseMap<uint32_t, Old> Olds;
    for (uint32_t I = 0; I != Groups.size(); ++I) {
      Old &O = Olds[Groups[I].Old];
      O.Count += Groups[I].Count;
      if (O.Largest == None || Groups[I].Count > Groups[O.Largest].Count)
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
    std::vector<uint32_t> Moved;
    for (size_t I = 0; I != Dirty.size(); ++I) {
      const Group &Gr = Groups[GroupOf[I]];
      if (Gr.New == None)
        continue;
      --Sizes[Gr.Old];
      Class[Dirty[I]] = Gr.New;
      Moved.push_back(Dirty[I]);
    }
    return Moved;
  }

  /// The structures that refer to \p Moved, if only by types that are no
  /// structures; the hashes of those are forgotten.
  std::vector<uint32_t> usersOf(std::vector<uint32_t> Moved) {
    std::vector<uint32_t> Users;
    if (Moved.empty())
      return Users;
    if (UserStart.empty())
      findUsers();
    std::vector<uint32_t> Seen;
    if (IsSeen.empty())
      IsSeen.resize(G.Types.size());
    for (size_t I = 0; I != Moved.size(); ++I)
      for (uint32_t U = UserStart[Moved[I]]; U != UserStart[Moved[I] + 1];
           ++U) {
        uint32_t User = UserList[U];
        if (IsSeen[User])
          continue;
        IsSeen[User] = true;
        Seen.push_back(User);
        if (isRecord(G.Types[User]->K)) {
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

  void findUsers() {
    UserStart.assign(G.Types.size() + 1, 0);
    auto ForEachEdge = [&](auto Visit) {
      for (uint32_t N = 1; N != G.Types.size(); ++N)
        if (isValueType(*G.Types[N]))
          G.forEachTarget(N, [&](uint32_t To) { Visit(N, To); });
    };
    ForEachEdge([&](uint32_t, uint32_t To) { ++UserStart[To + 1]; });
    for (size_t N = 0; N != G.Types.size(); ++N)
      UserStart[N + 1] += UserStart[N];
    UserList.resize(UserStart.back());
    std::vector<uint32_t> Next(UserStart.begin(), UserStart.end() - 1);
    ForEachEdge(
        [&](uint32_t From, uint32_t To) { UserList[Next[To]++] = From; });
  }

  std::vector<uint32_t> represent() {
    std::vector<uint32_t> Rep(G.Types.size());
    DenseMap<uint64_t, uint32_t> ByHash;
    for (bool Forward : {false, true})
      for (uint32_t N = 1; N != G.Types.size(); ++N) {
        const BtfFile::Type &T = *G.Types[N];
        if (!isValueType(T))
          Rep[N] = N;
        else if (isForward(T) == Forward)
          // The two keys that a DenseMap keeps for itself are not used.
          Rep[N] = ByHash.try_emplace(hash(N) & ~(1ull << 63), N).first->second;
      }
    for (uint32_t N = 1; N != G.Types.size(); ++N)
      if (Rep[N] != N && !areEqual(N, Rep[N], Rep))
        return {};
    return Rep;
  }

  bool areEqual(uint32_t A, uint32_t B, ArrayRef<uint32_t> Rep) const {
    const BtfFile::Type &X = *G.Types[A], &Y = *G.Types[B];
    if (isForward(X) && !isForward(Y))
      return X.Name == Y.Name && nameKey(X) == nameKey(Y);
    if (!sameLabel(X, Y))
      return false;
    SmallVector<uint32_t, 16> Targets;
    G.forEachTarget(A, [&](uint32_t To) { Targets.push_back(Rep[To]); });
    size_t N = 0;
    bool Equal = true;
    G.forEachTarget(B, [&](uint32_t To) { Equal &= Targets[N++] == Rep[To]; });
    return Equal;
  }

  const Graph &G;
  const uint64_t Seed;
  std::vector<uint32_t> Class; ///< of structures, unions, forwards; by node
  std::vector<uint32_t> Sizes; ///< by class, without forwards
  std::vector<uint64_t> Hash;  ///< of the other types
  std::vector<bool> IsHashed, IsSeen;
  std::vector<uint32_t> UserStart, UserList; ///< users of node N: a range
};

} // namespace

TypeMerge::TypeMerge(ArrayRef<const BtfFile *> Files)
    : G(std::make_unique<Graph>(Files)) {
  constexpr uint64_t Attempts = 8;
  for (uint64_t Seed = 1; Seed <= Attempts && Rep.empty(); ++Seed)
    Rep = Classes<Graph>(*G, Seed).find();
  if (!Rep.empty())
    return;
  // Somebody has made types that collide on purpose: they stay apart.
  for (uint32_t N = 0; N != G->Types.size(); ++N)
    Rep.push_back(N);
}

TypeMerge::~TypeMerge() = default;

uint32_t TypeMerge::node(size_t File, uint32_t Id) const {
  return Id ? G->Base[File] + Id : 0;
}

size_t TypeMerge::numNodes() const { return G->Types.size(); }

uint32_t TypeMerge::representative(uint32_t Node) const { return Rep[Node]; }

uint32_t TypeMerge::written(size_t File, uint32_t Id) const {
  return Written[Rep[node(File, Id)]];
}

void TypeMerge::reach(uint32_t Node, std::vector<bool> &Set) const {
  SmallVector<uint32_t, 16> Work{Node};
  while (!Work.empty()) {
    uint32_t R = Rep[Work.pop_back_val()];
    if (Set[R])
      continue;
    Set[R] = true;
    G->forEachTarget(R, [&](uint32_t To) { Work.push_back(To); });
  }
}

void TypeMerge::write(Writer &W, const std::vector<bool> &Wanted) {
  Written.assign(G->Types.size(), 0);
  std::vector<uint32_t> Order;
  uint32_t Next = uint32_t(W.numTypes());
  for (uint32_t N = 1; N != G->Types.size(); ++N) {
    uint32_t R = Rep[N];
    if (!isValueType(*G->Types[N]) || Written[R] || !Wanted[R])
      continue;
    Written[R] = ++Next;
    Order.push_back(R);
  }
  for (uint32_t N : Order)
    W.add(encodeType(*G->Types[N], W, [&](uint32_t Id) {
      return Written[Rep[G->target(N, Id)]];
    }));
}

} // namespace bpfcc::link
