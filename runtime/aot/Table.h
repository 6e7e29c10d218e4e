#ifndef BPFCC_RUNTIME_AOT_TABLE_H
#define BPFCC_RUNTIME_AOT_TABLE_H

#include "runtime/jit/Lower.h"

namespace bpfcc::aot {

/// The section that holds the BPF object.
constexpr const char *ObjectSection = ".bpfcc.object";

/// Adds what include/bpfcc/native.h describes to the module of \p L, which was
/// made from \p U: the one symbol that is to be seen from outside, with all
/// that it points to. \p Object: the bytes of the BPF object.
void addTable(jit::Lowered &L, const jit::Unit &U,
              llvm::ArrayRef<uint8_t> Object);

} // namespace bpfcc::aot

#endif
