// Most types of most files are those of the file before, in the same order,
// because both include the same headers.
//
//   a.o:  int  list { list *next }  ptr->list         1 2 3
//   b.o:  int  own { int }  list { ... }  ptr->list   1 - 2 3
//
// So each type is compared with the one behind the last that was found, and,
// where that is another, with the one that looks like it: a hash of what it
// says and of what those say that it refers to, up to structures. Both are
// guesses. They are confirmed by each other: a type is what it is guessed to be
// if all that it refers to is; what is not confirmed is a type of its own, and
// so is then what refers to it. Whatever guesses remain hold, since equality of
// types is just that (the coarsest bisimulation; TypeClasses.cpp).

#include "backend/link/TypePool.h"

#include "backend/btf/BtfCheck.h"
#include "backend/link/TypeGraph.h"

namespace bpfcc::link {

using namespace llvm;
using namespace btf;

class TypePool::File {
public:
  File(TypePool &Pool, const BtfFile &F)
      : Pool(Pool), F(F), Numbers(F.Types.size(), Unknown) {
    Numbers[0] = 0;
  }

  Expected<std::vector<uint32_t>> run() {
    if (Error E = guess())
      return std::move(E);
    if (Error E = confirm())
      return std::move(E);
    append();
    return std::move(Numbers);
  }

private:
  static constexpr uint32_t Unknown = ~0u; ///< not guessed yet
  static constexpr uint32_t New = ~0u - 1;

  Error guess() {
    uint32_t Next = 1;
    for (uint32_t Id = 1; Id != F.Types.size(); ++Id) {
      const BtfFile::Type &T = F.Types[Id];
      if (!isValueType(T))
        continue;
      if (Next < Pool.All.Types.size() && !isApart(T) &&
          sameLabel(T, Pool.All.Types[Next]) &&
          agrees(T, Pool.All.Types[Next], true)) {
        Numbers[Id] = Next++;
        continue;
      }
      if (Error E = prepareLooks())
        return E;
      Numbers[Id] = byLook(Id);
      Next = (Numbers[Id] == New ? Next : Numbers[Id]) + 1;
    }
    return Error::success();
  }

  /// What equals types that were checked need not be checked; what is new, and
  /// how it looks, must.
  Error prepareLooks() {
    if (!Looks.empty())
      return Error::success();
    Looks.resize(F.Types.size());
    Shallow.resize(F.Types.size());
    return checkNesting(F);
  }

  bool isApart(const BtfFile::Type &T) const {
    return T.K == KindFwd && Pool.Apart.contains(T.Name);
  }

  /// The type of the pool that looks as \p Id does, or New.
  uint32_t byLook(uint32_t Id) {
    const BtfFile::Type &T = F.Types[Id];
    if (isApart(T))
      return New;
    auto It = Pool.ByLook.find(look(Id));
    return It != Pool.ByLook.end() && sameLabel(T, Pool.All.Types[It->second])
               ? It->second
               : New;
  }

  uint64_t look(uint32_t Id) {
    const BtfFile::Type &T = F.Types[Id];
    if (!isRecord(T.K))
      return asKey(shallow(Id));
    if (!Looks[Id]) {
      uint64_t H = shallow(Id);
      forEachReference(T, [&](uint32_t To) { H = mixHash(H, shallow(To)); });
      Looks[Id] = asKey(H);
    }
    return Looks[Id];
  }

  /// A look in which structures stand for themselves.
  uint64_t shallow(uint32_t Id) {
    if (!Shallow[Id]) {
      const BtfFile::Type &T = F.Types[Id];
      uint64_t H = labelHash(T);
      if (!isRecord(T.K))
        forEachReference(T, [&](uint32_t To) { H = mixHash(H, shallow(To)); });
      Shallow[Id] = H;
    }
    return Shallow[Id];
  }

  /// Whether \p T refers to what \p P, a type of the pool with the same label,
  /// refers to. \p SoFar: or to what has not been guessed yet.
  bool agrees(const BtfFile::Type &T, const BtfFile::Type &P,
              bool SoFar) const {
    auto Same = [&](uint32_t Id, uint32_t Number) {
      return Numbers[Id] == Number || (SoFar && Numbers[Id] == Unknown);
    };
    if (T.K == KindArray && !Same(T.Index, P.Index))
      return false;
    if (hasTarget(T.K) && !Same(T.Target, P.Target))
      return false;
    if (hasMemberTypes(T.K))
      for (size_t N = 0; N != T.Members.size(); ++N)
        if (!Same(T.Members[N].Type, P.Members[N].Type))
          return false;
    return true;
  }

  static bool hasMemberTypes(Kind K) {
    return isRecord(K) || K == KindFuncProto;
  }
  static bool hasTarget(Kind K) {
    return K == KindPtr || K == KindArray || K == KindFuncProto ||
           K == KindTypedef || K == KindVolatile || K == KindConst ||
           K == KindRestrict || K == KindTypeTag;
  }

  /// Users of a type stand before it or behind it, so the walk turns around.
  Error confirm() {
    constexpr unsigned MaxWalks = 64;
    bool Changed = true;
    for (unsigned Walk = 0; Changed; ++Walk) {
      Changed = false;
      for (uint32_t N = 1; N != F.Types.size(); ++N) {
        uint32_t Id = Walk % 2 ? N : uint32_t(F.Types.size()) - N;
        uint32_t &Number = Numbers[Id];
        if (Number >= New || agrees(F.Types[Id], Pool.All.Types[Number], false))
          continue;
        if (Error E = prepareLooks())
          return E;
        uint32_t Other = byLook(Id);
        Number = Other == Number || Walk > MaxWalks ? New : Other;
        Changed = true;
      }
    }
    return Error::success();
  }

  void append() {
    uint32_t Next = uint32_t(Pool.All.Types.size());
    for (uint32_t &Number : Numbers)
      if (Number == New)
        Number = Next++;
    Pool.Counts.resize(Next);
    for (uint32_t Id = 1; Id != F.Types.size(); ++Id) {
      if (Numbers[Id] == Unknown)
        continue;
      ++Pool.Counts[Numbers[Id]];
      if (Numbers[Id] != Pool.All.Types.size())
        continue;
      if (!isApart(F.Types[Id]))
        Pool.ByLook.try_emplace(look(Id), Numbers[Id]);
      Pool.All.Types.push_back(renumbered(F.Types[Id]));
    }
  }

  BtfFile::Type renumbered(BtfFile::Type T) {
    MutableArrayRef<BtfFile::Member> Members(
        Pool.Members.Allocate<BtfFile::Member>(T.Members.size()),
        T.Members.size());
    std::uninitialized_copy(T.Members.begin(), T.Members.end(),
                            Members.begin());
    if (hasMemberTypes(T.K))
      for (BtfFile::Member &M : Members)
        M.Type = Numbers[M.Type];
    if (hasTarget(T.K))
      T.Target = Numbers[T.Target];
    if (T.K == KindArray)
      T.Index = Numbers[T.Index];
    T.Members = Members;
    return T;
  }

  TypePool &Pool;
  const BtfFile &F;
  std::vector<uint32_t> Numbers;        ///< by id
  std::vector<uint64_t> Looks, Shallow; ///< by id; 0 is not known yet
};

Expected<std::vector<uint32_t>> TypePool::add(const BtfFile &F) {
  return File(*this, F).run();
}

} // namespace bpfcc::link
