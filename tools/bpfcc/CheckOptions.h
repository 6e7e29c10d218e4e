#ifndef BPFCC_TOOLS_BPFCC_CHECKOPTIONS_H
#define BPFCC_TOOLS_BPFCC_CHECKOPTIONS_H

#include "backend/target/KernelVersion.h"
#include "tools/bpfcc/Commands.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace bpfcc::tools {

enum class CheckFormat { Text, Csv, Json, Sarif };

struct CheckOptions {
  std::vector<std::string> Files;
  std::vector<target::KernelVersion> Kernels; ///< never empty
  std::string Program;                        ///< this alone, if not empty
  std::string Btf;      ///< file with the kernels' types; empty for none
  std::string Baseline; ///< of --compare; may be empty
  std::string Html;     ///< where the report is written; empty for none
  CheckFormat Format = CheckFormat::Text;
  bool StrictAlignment = false;
  bool ExplainPath = false;
  bool Help = false;
  /// What one program may need on each kernel.
  std::optional<uint64_t> MaxInsns, MaxStates, MaxStack;
};

const char *checkUsage();

/// Reads the command line of `bpfcc check`. Error: BadOption or UnknownKernel,
/// one for the first word that is wrong.
llvm::Expected<CheckOptions> parseCheckOptions(Arguments Args);

} // namespace bpfcc::tools

#endif
