#ifndef BPFCC_TOOLS_BPFCC_RUNFILE_H
#define BPFCC_TOOLS_BPFCC_RUNFILE_H

#include "runtime/jit/Engine.h"
#include "tools/bpfcc/RunOptions.h"

#include "llvm/Support/MemoryBuffer.h"

namespace bpfcc::tools {

/// What `bpfcc run` was given: an object, or native code with the object that
/// it was made from inside it.
struct RunFile {
  std::unique_ptr<llvm::MemoryBuffer> File;
  bool IsNative = false;
  Program P;
};

/// Reads O.File. Errors: CannotOpen, BadObject and its kin; RunError for native
/// code of another machine.
llvm::Expected<RunFile> loadRunFile(const RunOptions &O);

/// `--emit-native`: writes the native code of \p From. Programs that get none
/// are warned about. Errors: RunError for a target that there is not,
/// CannotWrite, those of emitNative().
llvm::Error writeNative(const RunOptions &O, const RunFile &From);

/// What executes the program: the code in \p From, or what O.Jit says.
llvm::Expected<Engine> makeEngine(const RunOptions &O, const RunFile &From,
                                  Environment &Env);

} // namespace bpfcc::tools

#endif
