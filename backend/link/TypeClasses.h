#ifndef BPFCC_BACKEND_LINK_TYPECLASSES_H
#define BPFCC_BACKEND_LINK_TYPECLASSES_H

#include "backend/link/TypeGraph.h"

#include "llvm/ADT/DenseMap.h"

namespace bpfcc::link {

constexpr uint32_t NoNode = ~0u;

/// One attempt to find the classes of equal types, with one seed of the hashes.
class TypeClasses {
public:
  /// \p Definitions: by node of a forward declaration, the structure that it
  /// stands for, or NoNode.
  TypeClasses(TypeGraph &G, llvm::ArrayRef<uint32_t> Definitions,
              uint64_t Seed);

  /// By node, the one that stands for its class; empty if hashes have collided.
  std::vector<uint32_t> find();

private:
  void startEnums();
  void startRecords();
  uint64_t hash(uint32_t Node);
  std::vector<uint32_t> split(llvm::ArrayRef<uint32_t> Dirty);
  std::vector<uint32_t> usersOf(std::vector<uint32_t> Moved);
  std::vector<uint32_t> represent();
  bool areEqual(uint32_t A, uint32_t B, llvm::ArrayRef<uint32_t> Rep) const;

  static constexpr uint32_t NoClass = ~0u;
  TypeGraph &G;
  llvm::ArrayRef<uint32_t> Definitions;
  const uint64_t Seed;
  std::vector<uint32_t> Class; ///< of structures, unions, forwards; by node
  std::vector<uint32_t> Sizes; ///< by class, without forwards
  std::vector<uint64_t> Hash;  ///< of the other types
  std::vector<bool> IsHashed, IsSeen;
  /// Of structures: the forwards that they are the definition of.
  llvm::DenseMap<uint32_t, std::vector<uint32_t>> Forwards;
};

} // namespace bpfcc::link

#endif
