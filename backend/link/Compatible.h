#ifndef BPFCC_BACKEND_LINK_COMPATIBLE_H
#define BPFCC_BACKEND_LINK_COMPATIBLE_H

#include "backend/link/Symbols.h"

namespace bpfcc::link {

/// What the inputs say of each symbol must agree with its definition: the types
/// of variables and functions, and all members of maps. Errors: TypeMismatch,
/// MapMismatch, with the places of both.
llvm::Error checkDeclarations(const std::vector<Input> &Inputs,
                              const SymbolTable &Table);

/// How type \p X of \p A differs from type \p Y of \p B, in words; empty if
/// values of one can be taken for the other's. Typedefs, qualifiers, signedness
/// and sizes of arrays do not count, nor what pointers to structures point to
/// but for its name.
std::string typeDifference(const BtfFile &A, uint32_t X, const BtfFile &B,
                           uint32_t Y);

} // namespace bpfcc::link

#endif
