#ifndef BPFCC_BACKEND_BTF_KERNELTYPES_H
#define BPFCC_BACKEND_BTF_KERNELTYPES_H

#include "backend/btf/BtfFile.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace bpfcc {

/// The name of a type without its flavor, which tells local versions of one
/// kernel type apart: `task_struct` of `task_struct___old`.
inline llvm::StringRef essentialName(llvm::StringRef Name) {
  size_t At = Name.rfind("___");
  return At == 0 || At == llvm::StringRef::npos ? Name : Name.take_front(At);
}

/// The BTF of a kernel, as /sys/kernel/btf/vmlinux has it, with its types by
/// name.
class KernelTypes {
public:
  explicit KernelTypes(BtfFile File);
  KernelTypes(KernelTypes &&) = default;

  const BtfFile &btf() const { return File; }
  /// The ids of all types whose name without flavor is \p Name.
  llvm::ArrayRef<uint32_t> named(llvm::StringRef Name) const;
  /// The first type of this kind and name; 0 if there is none.
  uint32_t find(btf::Kind K, llvm::StringRef Name) const;
  /// The struct or union \p Name; 0 if there is none.
  uint32_t record(llvm::StringRef Name) const;
  /// The function that the declaration tag \p Tag marks; false if not.
  bool isTagged(uint32_t Func, llvm::StringRef Tag) const;
  /// Whether any function is marked by \p Tag.
  bool usesTag(llvm::StringRef Tag) const;
  /// Whether the variable \p Var has an instance for each processor.
  bool isPerCpu(uint32_t Var) const;

private:
  BtfFile File;
  llvm::StringMap<llvm::SmallVector<uint32_t, 1>> ByName;
  std::vector<std::pair<uint32_t, uint32_t>> Tags; ///< target, tag; sorted
};

} // namespace bpfcc

#endif
