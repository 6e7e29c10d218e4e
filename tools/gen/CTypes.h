#ifndef BPFCC_TOOLS_GEN_CTYPES_H
#define BPFCC_TOOLS_GEN_CTYPES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace bpfcc::gen {

/// The section .BTF in the byte order of this machine, out of a file of these
/// bytes alone or out of an ELF file of any machine. Errors: CannotOpen.
llvm::Expected<std::vector<uint8_t>> readBtfSection(llvm::StringRef File);

/// Types of a .BTF section as C, by libbpf.
class CTypes {
public:
  /// \p Btf are the bytes of a whole section, in either byte order; a copy is
  /// kept.
  static llvm::Expected<CTypes> create(llvm::ArrayRef<uint8_t> Btf);
  ~CTypes();
  CTypes(CTypes &&);

  /// The declaration of \p Name as type \p Id without qualifiers at its top;
  /// the lines of a structure without a name are indented by \p Indent tabs.
  llvm::Expected<std::string> declare(uint32_t Id, llvm::StringRef Name,
                                      unsigned Indent);

  /// Definitions of all types, in an order that a compiler takes.
  llvm::Expected<std::string> defineAll();

  /// `extern` declarations of the functions with the tag \p Tag, each with
  /// \p Attributes behind it.
  llvm::Expected<std::string> declareTagged(llvm::StringRef Tag,
                                            llvm::StringRef Attributes);

private:
  struct State;
  explicit CTypes(std::unique_ptr<State> S);
  std::unique_ptr<State> S;
};

} // namespace bpfcc::gen

#endif
