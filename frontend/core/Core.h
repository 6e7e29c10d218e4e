#ifndef BPFCC_FRONTEND_CORE_CORE_H
#define BPFCC_FRONTEND_CORE_CORE_H

#include "frontend/core/FieldInfo.h"

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace bpfcc {

/// The names of the functions that stand for CO-RE relocations begin with
/// this: `bpfcc.core.KIND.VALUE.ACCESS#N`, where KIND is an enum
/// bpf_core_relo_kind, VALUE what the relocation is in the local types, ACCESS
/// an access string as "0:1:2". Such a function takes nothing, returns an i64
/// and touches no memory, so that LLVM may fold, move and share its calls. Its
/// metadata `bpfcc.core.type` is the root type.
inline constexpr llvm::StringLiteral CoreMarkerPrefix = "bpfcc.core.";
inline constexpr llvm::StringLiteral CoreTypeMetadata = "bpfcc.core.type";

/// Adds a marker to \p M. \p Suffix is what follows `#`: that which makes the
/// name its own.
llvm::Function &createCoreMarker(llvm::Module &M, CoreKind Kind, int64_t Value,
                                 llvm::StringRef Access,
                                 const llvm::DIType &Root,
                                 llvm::StringRef Suffix);

/// Turns Clang's preserve-access intrinsics in \p M into calls of such markers
/// (and plain address arithmetic where there is nothing to relocate). Runs
/// before any other pass. Error: CoreAccess at the line of an access that no
/// relocation can express.
llvm::Error lowerCoreAccesses(llvm::Module &M);

} // namespace bpfcc

#endif
