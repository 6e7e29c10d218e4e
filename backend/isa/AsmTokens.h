#ifndef BPFCC_BACKEND_ISA_ASMTOKENS_H
#define BPFCC_BACKEND_ISA_ASMTOKENS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace bpfcc::isa {

struct AsmToken {
  enum Kind : uint8_t { Word, Number, Sign, String, Placeholder } K = Sign;
  llvm::StringRef Text; ///< of a String: with its quotes
  uint64_t Value = 0;   ///< of a Number

  bool is(llvm::StringRef S) const {
    return K != Number && K != String && Text == S;
  }
};

using AsmTokens = llvm::SmallVector<AsmToken, 16>;

/// Splits one statement. With \p Pattern set, `{x}` is a Placeholder. Gives
/// false at a character that no statement has; \p Bad is set to what follows.
bool tokenize(llvm::StringRef Statement, bool Pattern, AsmTokens &Out,
              llvm::StringRef &Bad);

/// Cuts \p Text into statements without comments and surrounding space, each
/// ended by a newline or `;`.
llvm::SmallVector<llvm::StringRef, 8> splitStatements(llvm::StringRef Text);

/// The length of the string in quotes that \p Text starts with, or all of
/// \p Text where the second quote is missing.
size_t quotedLength(llvm::StringRef Text);

/// The bytes of a String token; nullopt for an escape that C does not have.
std::optional<std::string> unquote(llvm::StringRef Quoted);

} // namespace bpfcc::isa

#endif
