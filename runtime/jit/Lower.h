#ifndef BPFCC_RUNTIME_JIT_LOWER_H
#define BPFCC_RUNTIME_JIT_LOWER_H

#include "runtime/jit/Code.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

#include <string>

namespace bpfcc::jit {

/// The functions of a unit in LLVM's IR.
struct Lowered {
  std::unique_ptr<llvm::LLVMContext> Context;
  std::unique_ptr<llvm::Module> Module;
  std::vector<CallSite> Sites;
  std::vector<bool> HasBody; ///< tail calls enter elsewhere than calls
};

/// The names that the module of a unit defines: uint64_t (State *, code of a
/// function), and where calls and tail calls enter subprogram \p Func.
constexpr const char *EnterName = "enter";
std::string callName(uint32_t Func);
std::string bodyName(uint32_t Func);

/// Translates what U.isTranslated(). Where the code is not to run in this
/// process it finds maps by State::Values and State::Arrays.
Lowered lower(const Unit &U);

} // namespace bpfcc::jit

#endif
