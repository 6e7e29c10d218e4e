#ifndef BPFCC_BACKEND_LINK_COMPATIBLE_H
#define BPFCC_BACKEND_LINK_COMPATIBLE_H

#include "backend/link/Symbols.h"

namespace bpfcc::link {

/// What the inputs say of each symbol must agree with its definition: the types
/// of variables and functions, and all members of maps. Errors: TypeMismatch,
/// MapMismatch, with the places of both.
llvm::Error checkDeclarations(const std::vector<Input> &Inputs,
                              const SymbolTable &Table, const BtfFile &Btf);

} // namespace bpfcc::link

#endif
