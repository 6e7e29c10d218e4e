#ifndef BPFCC_TOOLS_BPFCC_KERNELBTF_H
#define BPFCC_TOOLS_BPFCC_KERNELBTF_H

#include "backend/btf/KernelTypes.h"
#include "backend/target/KernelVersion.h"

#include <memory>
#include <string>

namespace bpfcc::tools {

/// Where the types of kernels come from: one file for all that are asked for,
/// or this machine's kernel where it is the one that is asked for. Read when
/// they are first needed.
class KernelBtf {
public:
  /// \p File: bare BTF or an ELF file with a `.BTF` section; empty for none.
  explicit KernelBtf(std::string File) : File(std::move(File)) {}

  /// The types of Linux \p V; null if they are not at hand. Error: CannotOpen
  /// or BadObject, with the file.
  llvm::Expected<const KernelTypes *> typesFor(target::KernelVersion V);

private:
  llvm::Error read(const std::string &Name);

  std::string File;
  std::unique_ptr<KernelTypes> Types;
};

} // namespace bpfcc::tools

#endif
