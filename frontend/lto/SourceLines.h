#ifndef BPFCC_FRONTEND_LTO_SOURCELINES_H
#define BPFCC_FRONTEND_LTO_SOURCELINES_H

#include "llvm/IR/Module.h"

#include <map>
#include <string>

namespace bpfcc {

/// By names in debug information: paths that open the files, or their texts.
using SourceNames = std::map<std::string, std::string>;

/// Writes into \p M the lines of source that its debug information names, as
/// metadata: BTF has them, and what opens the files now may not do so in the
/// link. \p Paths and \p Texts are those of the files whose names do not open
/// them.
void keepSourceLines(llvm::Module &M, const SourceNames &Paths,
                     const SourceNames &Texts);

/// Takes them out again: the texts of the files, in which all other lines are
/// empty.
SourceNames takeSourceLines(llvm::Module &M);

/// Where the files of modules without such lines are, as clang names them.
SourceNames sourcePaths(const llvm::Module &M);

} // namespace bpfcc

#endif
