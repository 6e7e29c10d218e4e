#ifndef BPFCC_BACKEND_LINK_LAYOUT_H
#define BPFCC_BACKEND_LINK_LAYOUT_H

#include "backend/link/Symbols.h"

namespace bpfcc::link {

/// Joins sections of one name: sets Piece::Section and Piece::Offset of what is
/// live, and makes the sections with their bytes. Error: SectionMismatch.
llvm::Error placePieces(std::vector<Input> &Inputs, Object &Out);

/// Makes the symbols of the output and its relocations, in placed sections.
/// Weak symbols that nothing defines become 0 unless \p Partial.
llvm::Error relocate(const std::vector<Input> &Inputs, const SymbolTable &Table,
                     bool Partial, Object &Out);

/// The output's `.BTF` and `.BTF.ext`, if any input has types; \p Pool has
/// those of all.
llvm::Error mergeBtf(std::vector<Input> &Inputs, TypePool &Pool,
                     const SymbolTable &Table, const LinkOptions &Options,
                     Object &Out);

} // namespace bpfcc::link

#endif
