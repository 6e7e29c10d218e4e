#ifndef BPFCC_RUNTIME_AOT_EMIT_H
#define BPFCC_RUNTIME_AOT_EMIT_H

#include "runtime/aot/Targets.h"
#include "runtime/load/Program.h"

#include <string>

namespace bpfcc::aot {

struct NativeCode {
  std::string Bytes; ///< of a shared object, see include/bpfcc/native.h
  /// Numbers of programs without code: the interpreter runs them, see
  /// Jit::isTranslated.
  std::vector<uint32_t> Interpreted;
};

/// Compiles all subprograms of \p P for the machine \p T. Accesses are checked.
/// \p Object: the bytes that \p P was loaded from, which become part of the
/// result. Equal input gives equal bytes. Errors: those of instantiate();
/// LLVM's and lld's.
llvm::Expected<NativeCode> emitNative(const Program &P, const Target &T,
                                      llvm::ArrayRef<uint8_t> Object);

} // namespace bpfcc::aot

#endif
