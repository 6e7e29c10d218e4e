#ifndef BPFCC_RUNTIME_AOT_LOAD_H
#define BPFCC_RUNTIME_AOT_LOAD_H

#include "runtime/jit/Placed.h"
#include "runtime/load/Program.h"

#include <optional>

namespace bpfcc::aot {

/// The BPF object inside \p File, the bytes of a shared object that
/// emitNative() made; nothing if \p File is something else. \p Name is the
/// file. Errors: RunError if its code is for another machine.
llvm::Expected<std::optional<llvm::ArrayRef<uint8_t>>>
embeddedObject(llvm::ArrayRef<uint8_t> File, llvm::StringRef Name);

/// Loads the code of the file \p Path, whose embedded object is \p P, into this
/// process, to run in \p Env. Errors: RunError if it cannot be loaded, if
/// another version of bpfcc made it, or if \p Env is that of a further thread:
/// code finds the state of the first.
llvm::Expected<jit::Placed> loadNative(llvm::StringRef Path, const Program &P,
                                       Environment &Env);

} // namespace bpfcc::aot

#endif
