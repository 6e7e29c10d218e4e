#ifndef BPFCC_BACKEND_CODEGEN_CODEGEN_H
#define BPFCC_BACKEND_CODEGEN_CODEGEN_H

#include "backend/object/Object.h"
#include "backend/target/KernelProfile.h"
#include "support/OptLevel.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>

namespace bpfcc {

/// What CodeGenOptions::Dumps may name, in the order in which they run.
inline constexpr llvm::StringLiteral CodeGenStages[] = {
    "prepare", "select", "opt", "regalloc", "finish"};

struct CodeGenOptions {
  unsigned Cpu = 3;        ///< ISA level, 1 to 5 as in isa.def
  bool Misaligned = false; ///< packets and map values may be accessed so
  /// Code that one of them refuses is an error.
  std::vector<target::KernelProfile> Kernels;
  unsigned Level = 2; ///< 0 to 3, as in -O2
  CostModel Model = CostModel::Balanced;
  bool Check = false; ///< check the MIR between passes
  /// Stages whose result is printed to DumpTo, of CodeGenStages.
  std::set<std::string> Dumps;
  llvm::raw_ostream *DumpTo = nullptr;
  /// From a file name in debug information to the path that opens it.
  std::map<std::string, std::string> SourcePaths;
  /// From a file name in debug information to its text, where that is known.
  std::map<std::string, std::string> SourceTexts;
};

/// Compiles \p M, already optimised, to an object: code, data, symbols,
/// relocations, BTF. The byte order is that of the module's data layout.
/// Errors are joined: each function that cannot be compiled says why.
llvm::Expected<Object> generate(llvm::Module &M, const CodeGenOptions &Options);

} // namespace bpfcc

#endif
