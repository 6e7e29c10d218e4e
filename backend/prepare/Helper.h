#ifndef BPFCC_BACKEND_PREPARE_HELPER_H
#define BPFCC_BACKEND_PREPARE_HELPER_H

#include "llvm/IR/Value.h"

#include <cstdint>
#include <optional>

namespace bpfcc {

/// The number of the helper that \p Callee points to: helpers are declared as
/// constant pointers, which without optimisation are still read from memory.
std::optional<int64_t> helperNumber(const llvm::Value *Callee);

} // namespace bpfcc

#endif
