#ifndef BPFCC_BACKEND_BTF_BTFBUILDER_H
#define BPFCC_BACKEND_BTF_BTFBUILDER_H

#include "backend/finish/Code.h"
#include "backend/object/Object.h"

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

#include "backend/btf/BtfExt.h"

namespace bpfcc {

/// Adds `.BTF` and `.BTF.ext` to \p O: the types of the debug information in
/// \p M that programs, maps and variables use, the functions (with linkage,
/// argument names and tags), the data sections (offsets and sizes from the
/// symbols of \p O), line and function information and CO-RE relocations for
/// \p Functions, whose code stands in the sections of \p O at their symbols.
/// \p Sources gives the text of files, so that each line record can carry its
/// line.
/// Follows Documentation/bpf/btf.rst; the order of types is that of clang.
llvm::Error addBtf(Object &O, const llvm::Module &M,
                   llvm::ArrayRef<CodeFunction> Functions,
                   const btf::SourceFiles &Sources);

} // namespace bpfcc

#endif
