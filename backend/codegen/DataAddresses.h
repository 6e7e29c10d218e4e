#ifndef BPFCC_BACKEND_CODEGEN_DATAADDRESSES_H
#define BPFCC_BACKEND_CODEGEN_DATAADDRESSES_H

#include "backend/object/Object.h"

#include "llvm/Support/Error.h"

namespace llvm {
class Module;
}

namespace bpfcc {

/// A warning (AddressInData) for each variable of .data and .rodata in \p O,
/// made of \p M, that holds addresses: libbpf applies the relocations of code,
/// maps and struct_ops alone (bpf_object__collect_relos), so such a variable
/// holds what the file does, and the verifier takes it as a number.
llvm::Error findAddressesInData(const llvm::Module &M, const Object &O);

} // namespace bpfcc

#endif
