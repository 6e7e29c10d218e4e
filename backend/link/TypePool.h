#ifndef BPFCC_BACKEND_LINK_TYPEPOOL_H
#define BPFCC_BACKEND_LINK_TYPEPOOL_H

#include "backend/btf/BtfFile.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Allocator.h"

namespace bpfcc::link {

/// The types of values of several files, added one file after the other. A type
/// of a file that equals one of an earlier file is found as long as that is
/// cheap; TypeMerge finds the rest.
class TypePool {
public:
  /// Forward declarations by the names in \p Apart are never found equal, so
  /// that each may stand for another definition.
  explicit TypePool(llvm::StringSet<> Apart = {}) : Apart(std::move(Apart)) {}

  /// Adds the types of \p F, which viewBtf() or readBtf() gave, and whose bytes
  /// must live as long as the pool. Gives by id their numbers in types(); those
  /// of functions, variables, sections and tags mean nothing. Error: that of
  /// checkNesting().
  llvm::Expected<std::vector<uint32_t>> add(const BtfFile &F);

  /// What was added, without functions, variables, sections and tags. Types
  /// refer to each other by their numbers here.
  const BtfFile &types() const { return All; }
  /// How many types are this one.
  uint32_t count(uint32_t Number) const { return Counts[Number]; }

private:
  class File;

  llvm::StringSet<> Apart;
  BtfFile All;
  std::vector<uint32_t> Counts = std::vector<uint32_t>(1);
  llvm::BumpPtrAllocator Members;
  llvm::DenseMap<uint64_t, uint32_t> ByLook; ///< the first that looks so
};

} // namespace bpfcc::link

#endif
