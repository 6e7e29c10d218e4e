#ifndef BPFCC_BACKEND_LINK_TYPEMERGE_H
#define BPFCC_BACKEND_LINK_TYPEMERGE_H

#include "backend/btf/BtfWriter.h"
#include "backend/link/TypeGraph.h"

#include "llvm/ADT/StringSet.h"

namespace bpfcc::link {

/// The types of a pool, each different one once.
class TypeMerge {
public:
  /// Finds which types are equal. The pool must live on.
  explicit TypeMerge(const TypePool &Pool);

  /// Names of forward declarations that several structures have. What each
  /// stands for is found in a pool where they are apart, not in this one.
  const llvm::StringSet<> &disputed() const { return Disputed; }

  /// Adds one of each of the types that \p Wanted asks for, which has a bit for
  /// each type of the pool, to \p W, in the order in which they are there.
  void write(btf::Writer &W, const std::vector<bool> &Wanted);

  uint32_t size() const { return G.size(); }
  const BtfFile::Type &type(uint32_t Number) const { return G.type(Number); }
  /// The type that stands for \p Number.
  uint32_t representative(uint32_t Number) const { return Rep[Number]; }
  /// Sets the bits of the representative of \p Number and of what it refers to.
  void reach(uint32_t Number, std::vector<bool> &Set) const;
  /// The type in the Writer; after write().
  uint32_t written(uint32_t Number) const { return Written[Rep[Number]]; }

private:
  TypeGraph G;
  llvm::StringSet<> Disputed;
  std::vector<uint32_t> Rep;     ///< by node
  std::vector<uint32_t> Written; ///< by node that represents itself
};

} // namespace bpfcc::link

#endif
