#ifndef BPFCC_FRONTEND_DRIVER_ARGUMENTS_H
#define BPFCC_FRONTEND_DRIVER_ARGUMENTS_H

#include "backend/target/KernelProfile.h"
#include "frontend/driver/LinkPlan.h"
#include "frontend/driver/VerifyPlan.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace llvm::vfs {
class FileSystem;
}

namespace bpfcc {

/// A command line before Clang's driver reads it: response files expanded, our
/// own options taken out, our defaults put in.
struct CommandLine {
  llvm::SmallVector<const char *, 64> Clang; ///< begins with the program name
  std::vector<std::string> Dumps;
  bool VerifyEach = false;
  bool Lto = false;        ///< -flto
  bool Verifiable = false; ///< the last -O option is -Overifiable
  std::vector<target::KernelProfile> Kernels; ///< of -mkernel=, may be empty
  VerifyPlan Verify;
  std::string TargetArch;        ///< x of the last -D__TARGET_ARCH_x, or host
  bool TargetArchGiven = false;  ///< the user defined one
  bool DefineTargetArch = false; ///< and it is to be defined
  std::optional<LinkPlan> Link;  ///< what follows the compilations
  bool OnlyPrint = false;        ///< -###
  std::string Cache; ///< of --cache-dir= and the environment, may be empty
};

/// Fails if a word can never lead to an object: an object as input, a folder.
/// Strings that are not the caller's live in \p Memory.
llvm::Expected<CommandLine> readCommandLine(llvm::ArrayRef<const char *> Args,
                                            llvm::vfs::FileSystem &Files,
                                            llvm::BumpPtrAllocator &Memory);

} // namespace bpfcc

#endif
