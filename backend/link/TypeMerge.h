#ifndef BPFCC_BACKEND_LINK_TYPEMERGE_H
#define BPFCC_BACKEND_LINK_TYPEMERGE_H

#include "backend/btf/BtfWriter.h"
#include "backend/link/TypeGraph.h"

namespace bpfcc::link {

/// The types of several files, each different one once. Functions, variables,
/// sections and tags of declarations are not types of values: no class is
/// found for them.
class TypeMerge {
public:
  /// Finds which types are equal. The files are readBtf()'s and must live on.
  explicit TypeMerge(llvm::ArrayRef<const BtfFile *> Files);

  /// Adds one of each of the types that \p Wanted asks for, which has a bit for
  /// each node, to \p W, in the order in which the files have them first.
  void write(btf::Writer &W, const std::vector<bool> &Wanted);

  /// The number of type \p Id of file \p File among the types of all files; 0
  /// is void.
  uint32_t node(size_t File, uint32_t Id) const { return G.node(File, Id); }
  bool isValue(uint32_t Node) const { return G.isValue(Node); }
  size_t numNodes() const { return G.size(); }
  /// The node whose type stands for that of \p Node.
  uint32_t representative(uint32_t Node) const { return Rep[Node]; }
  /// Sets the bits of \p Node's representative and of what it refers to.
  void reach(uint32_t Node, std::vector<bool> &Set) const;
  /// The type in the Writer; after write().
  uint32_t written(size_t File, uint32_t Id) const;

private:
  TypeGraph G;
  std::vector<uint32_t> Rep;     ///< by node
  std::vector<uint32_t> Written; ///< by node that represents itself
};

} // namespace bpfcc::link

#endif
