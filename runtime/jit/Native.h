#ifndef BPFCC_RUNTIME_JIT_NATIVE_H
#define BPFCC_RUNTIME_JIT_NATIVE_H

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace llvm {
class MemoryBuffer;
class TargetMachine;
namespace orc {
class LLJIT;
}
} // namespace llvm

namespace bpfcc::jit {

/// Runs the passes for \p M, a module of Lower.h, and the machine of \p TM.
/// Error: LLVM's.
llvm::Error optimiseModule(llvm::Module &M, llvm::TargetMachine &TM);
/// The object file of the code of \p M, behind these passes. Error: LLVM's.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
generateObject(llvm::Module &M, llvm::TargetMachine &TM);

/// A module of LLVM's IR as instructions of this machine, in this process.
class Native {
public:
  Native();
  ~Native();

  /// Optimises \p M and makes code of it. \p Baseline: use only what every
  /// machine of this kind has. Error: LLVM's.
  llvm::Error add(std::unique_ptr<llvm::LLVMContext> Context,
                  std::unique_ptr<llvm::Module> M, bool Baseline);

  /// Where \p Name of the module lies. Error: LLVM's.
  llvm::Expected<uint64_t> address(llvm::StringRef Name);

  uint64_t size() const { return Size; }

private:
  std::unique_ptr<llvm::orc::LLJIT> Code;
  uint64_t Size = 0;
};

} // namespace bpfcc::jit

#endif
