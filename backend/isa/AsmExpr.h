#ifndef BPFCC_BACKEND_ISA_ASMEXPR_H
#define BPFCC_BACKEND_ISA_ASMEXPR_H

#include "backend/isa/AsmTokens.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <string>
#include <vector>

namespace bpfcc::isa {

/// What an expression comes to: a number, or a number of bytes behind a place.
struct AsmValue {
  int64_t Number = 0;
  std::string Base; ///< empty for a plain number
};

/// An expression of assembly text, in postfix order: `(1f - 1b) / 8` is
/// `1f 1b - 8 /`.
struct AsmExpr {
  struct Node {
    enum Kind : uint8_t { Number, Symbol, Unary, Binary } K;
    std::string Text;    ///< a symbol's name or an operator's sign
    uint64_t Value = 0;  ///< of a number
    uint32_t Labels = 0; ///< for a symbol: how many labels stand before it
  };
  std::vector<Node> Nodes;

  static AsmExpr number(uint64_t Value) {
    return {{{Node::Number, {}, Value, 0}}};
  }
  bool isSymbol() const {
    return Nodes.size() == 1 && Nodes[0].K == Node::Symbol;
  }
};

/// Gives what a symbol stands for; nullopt makes it a place of its own.
using AsmResolver =
    llvm::function_ref<std::optional<AsmValue>(const AsmExpr::Node &Symbol)>;

/// Reads an expression from the front of \p In, with the precedences of GNU's
/// assembler, and takes it away. \p Labels goes into its symbols. Gives
/// nullopt, and leaves \p In, where none stands there.
std::optional<AsmExpr> parseAsmExpr(llvm::ArrayRef<AsmToken> &In,
                                    uint32_t Labels = 0);

/// The value of \p E in 64-bit arithmetic that wraps. Comparisons give -1 or
/// 0. nullopt for a division by zero and for arithmetic on places other than
/// adding a number and taking a distance.
std::optional<AsmValue> evaluate(const AsmExpr &E, AsmResolver Resolve);

/// True for the names r0..r10 and w0..w10.
bool isRegisterName(llvm::StringRef Word);

} // namespace bpfcc::isa

#endif
