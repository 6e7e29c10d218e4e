#ifndef BPFCC_BACKEND_LINK_ARCHIVE_H
#define BPFCC_BACKEND_LINK_ARCHIVE_H

#include "backend/link/Link.h"

#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <optional>

namespace bpfcc {

/// What stands on a command line of a link: an object, or an archive.
struct LinkArgument {
  std::string Name;
  std::optional<Object> Obj;                 ///< none: an archive
  TypeSections Types = {};                   ///< of Obj, in Bytes
  bool IsBitcode = false;                    ///< Obj has the symbols alone
  std::unique_ptr<llvm::MemoryBuffer> Bytes; ///< null: Obj has its types
};

/// Reads \p Bytes as what it is: an ELF object, LLVM's bitcode, or an archive
/// of ar(1). Error: BadObject.
llvm::Expected<LinkArgument>
readLinkArgument(std::unique_ptr<llvm::MemoryBuffer> Bytes,
                 llvm::StringRef Name);

struct LinkSelection {
  std::vector<LinkInput> Inputs;
  std::vector<LinkMap::Member> Members; ///< of archives, and why
  /// What the types of Inputs lie in.
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> Bytes;
};

/// The objects in their order, and of the archives those members that define
/// what is undefined, or is in \p Exports: each after what first needs it. An
/// archive may stand before or after its users. Error: BadObject.
llvm::Expected<LinkSelection>
selectInputs(std::vector<LinkArgument> Arguments,
             llvm::ArrayRef<std::string> Exports = {});

} // namespace bpfcc

#endif
