#ifndef BPFCC_BACKEND_LINK_TYPEGRAPH_H
#define BPFCC_BACKEND_LINK_TYPEGRAPH_H

#include "backend/link/TypePool.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/xxhash.h"

namespace bpfcc::link {

inline bool isRecord(btf::Kind K) {
  return K == btf::KindStruct || K == btf::KindUnion;
}

/// Whether \p T is the type of a value, not a function, variable, section or
/// tag.
inline bool isValueType(const BtfFile::Type &T) {
  return T.K != btf::KindFunc && T.K != btf::KindVar &&
         T.K != btf::KindDatasec && T.K != btf::KindDeclTag;
}

/// `struct s;` or `enum e;`: the definition is elsewhere.
bool isForward(const BtfFile::Type &T);

/// Calls \p Visit with each type that \p T refers to, in one order for equal
/// types.
void forEachReference(const BtfFile::Type &T,
                      llvm::function_ref<void(uint32_t)> Visit);

/// A hash of all that \p T says but for the types that it refers to.
uint64_t labelHash(const BtfFile::Type &T);

/// Whether \p A and \p B say the same but for the types that they refer to.
bool sameLabel(const BtfFile::Type &A, const BtfFile::Type &B);

inline uint64_t mixHash(uint64_t H, uint64_t Value) {
  unsigned __int128 Product =
      static_cast<unsigned __int128>(H ^ 0x9e3779b97f4a7c15u) *
      (Value ^ 0xe7037ed1a0b428dbu);
  return uint64_t(Product) ^ uint64_t(Product >> 64) ^ H;
}

/// A hash of the name of a structure, union or enumeration, and of which it is.
inline uint64_t nameHash(const BtfFile::Type &T) {
  bool IsUnion = T.K == btf::KindUnion || (T.K == btf::KindFwd && T.Flag);
  return mixHash(llvm::xxh3_64bits(T.Name), IsUnion);
}

/// As a key of llvm::DenseMap, which keeps two keys for itself.
inline uint64_t asKey(uint64_t Hash) { return Hash & ~(1ull << 63); }

/// The types of a pool as nodes of a graph; node 0 is void.
class TypeGraph {
public:
  explicit TypeGraph(const TypePool &Pool);

  uint32_t size() const { return uint32_t(Types.size()); }
  const BtfFile::Type &type(uint32_t Node) const { return Types[Node]; }
  /// How many types of files are this one.
  uint32_t count(uint32_t Node) const { return Pool.count(Node); }
  /// What is asked of all nodes, without looking at their types.
  bool isRecord(uint32_t Node) const { return Traits[Node] & Record; }
  bool isForward(uint32_t Node) const { return Traits[Node] & Forward; }
  bool isEnum(uint32_t Node) const { return Traits[Node] & Enum; }
  /// `struct s;`, not `enum e;`
  bool isRecordForward(uint32_t Node) const {
    return (Traits[Node] & (Forward | Enum)) == Forward;
  }
  template <typename Fn> void forEachTarget(uint32_t Node, Fn Visit) const {
    forEachReference(type(Node), Visit);
  }
  /// A hash of what the type says of itself.
  uint64_t label(uint32_t Node) {
    if (!Labels[Node])
      Labels[Node] = labelHash(type(Node));
    return Labels[Node];
  }
  /// The types that refer to \p Node. They are found at the first
  /// call.
  llvm::ArrayRef<uint32_t> users(uint32_t Node);

private:
  void findUsers();

  enum Trait : uint8_t { Record = 1, Forward = 2, Enum = 4 };

  const TypePool &Pool;
  llvm::ArrayRef<BtfFile::Type> Types;       ///< by node
  std::vector<uint8_t> Traits;               ///< by node
  std::vector<uint64_t> Labels;              ///< by node; 0 is not known yet
  std::vector<uint32_t> UserStart, UserList; ///< users of node N: a range
};

} // namespace bpfcc::link

#endif
