#ifndef BPFCC_BACKEND_PREPARE_ACCESSWIDTH_H
#define BPFCC_BACKEND_PREPARE_ACCESSWIDTH_H

#include "llvm/IR/Value.h"
#include "llvm/Support/Alignment.h"

namespace bpfcc {

/// The widest access, in bytes (1, 2, 4 or 8), that memory at \p Address may
/// be read or written with when its address is known to be a multiple of
/// \p Known.
unsigned accessWidth(const llvm::Value &Address, llvm::Align Known);

} // namespace bpfcc

#endif
