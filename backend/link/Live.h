#ifndef BPFCC_BACKEND_LINK_LIVE_H
#define BPFCC_BACKEND_LINK_LIVE_H

#include "backend/link/Symbols.h"

namespace bpfcc::link {

/// A place in an input: a piece of one of its sections.
struct PieceRef {
  uint32_t Input, Section, Piece;
};

/// Sets Piece::Live: with GcSections, of what programs, the licence and
/// Exports reach; else of all but definitions that do not count and that
/// nothing reaches. Sets GlobalSymbol::Used.
///
/// Errors: UndefinedSymbol, for Exports too; OnceMismatch.
llvm::Error markLive(std::vector<Input> &Inputs, SymbolTable &Table,
                     const LinkOptions &Options);

} // namespace bpfcc::link

#endif
