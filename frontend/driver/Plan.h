#ifndef BPFCC_FRONTEND_DRIVER_PLAN_H
#define BPFCC_FRONTEND_DRIVER_PLAN_H

#include "backend/target/KernelProfile.h"
#include "frontend/driver/CodeChoices.h"
#include "frontend/driver/LinkPlan.h"
#include "frontend/driver/VerifyPlan.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace llvm::vfs {
class FileSystem;
}

namespace bpfcc {

enum class OutputKind {
  Object,   ///< BPF ELF object
  Assembly, ///< BPF assembly text
  LlvmText, ///< LLVM IR as text
  Bitcode,  ///< LLVM bitcode
  FrontEnd, ///< what a Clang action writes itself: -E, -M, -fsyntax-only
};

/// One output file to make from one input file.
struct Job : CodeChoices {
  std::string Input; ///< as the user wrote it; "-" is standard input
  OutputKind Kind = OutputKind::Object;
  std::string Output; ///< "-" is standard output; empty if nothing is written
  bool BigEndian = false;
  bool ForLink = false;   ///< the object goes to the link
  bool ForLto = false;    ///< -flto: bitcode, of which the link makes code
  bool RunPasses = true;  ///< false: IR as Clang emits it
  std::string TargetArch; ///< the kernel's machine, as in __TARGET_ARCH_x86
  std::vector<std::string> Cc1Args; ///< for clang::CompilerInvocation
  std::string Cache; ///< folder for parsed headers; empty: nothing is kept
};

/// What a command line means.
struct Plan {
  std::vector<Job> Jobs;
  std::optional<LinkPlan> Link; ///< of what the jobs made for it, and of files
  std::vector<std::string> Dumps; ///< stages named by --dump=
  bool VerifyEach = false; ///< --verify-each: check the MIR between passes
  std::vector<target::KernelProfile> Kernels; ///< of -mkernel=, may be empty
  VerifyPlan Verify;
  bool NothingToDo = false; ///< the command line was a question (--help, -###)
};

/// Reads a Clang-compatible command line, without the program's name. Clang's
/// own driver does the reading, prints what it has to say (errors, -###, -v,
/// --help) and leaves its jobs. Fails with AlreadyReported if the driver
/// printed an error, or with a diagnostic of our own.
///
/// What differs from Clang: the target is BPF; one source makes one object, and
/// what several inputs make is one object too, of our own linker; -O2 is the
/// default; debug information for
/// BTF is always on and names no absolute folder.
llvm::Expected<Plan>
planCompilation(llvm::ArrayRef<const char *> Args,
                llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

} // namespace bpfcc

#endif
