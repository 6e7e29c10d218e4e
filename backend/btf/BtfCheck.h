#ifndef BPFCC_BACKEND_BTF_BTFCHECK_H
#define BPFCC_BACKEND_BTF_BTFCHECK_H

#include "backend/btf/BtfFile.h"

#include "llvm/ADT/Twine.h"

namespace bpfcc::btf {

/// BadObject with \p What.
llvm::Error badBtf(const llvm::Twine &What);

/// Checks what the types of \p B say of each other: ids exist and have a
/// fitting kind, members lie within.
llvm::Error checkReferences(const BtfFile &B);

/// Checks that no type contains or spells itself, and that none is nested
/// deeper than a recursive reader can follow.
llvm::Error checkNesting(const BtfFile &B);

} // namespace bpfcc::btf

#endif
