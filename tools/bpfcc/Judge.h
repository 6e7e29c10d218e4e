#ifndef BPFCC_TOOLS_BPFCC_JUDGE_H
#define BPFCC_TOOLS_BPFCC_JUDGE_H

#include "backend/object/Object.h"
#include "runtime/verify/Path.h"
#include "tools/bpfcc/KernelBtf.h"

#include "llvm/Support/raw_ostream.h"

namespace bpfcc::tools {

struct JudgeOptions {
  std::vector<target::KernelVersion> Kernels; ///< asked in this order
  std::string Program;                        ///< this alone, if not empty
  bool StrictAlignment = false;
  /// Where the types of the kernels are; null: programs that use the kernel's
  /// objects cannot be judged.
  KernelBtf *Types = nullptr;
  /// A program that one kernel refuses is not asked of those after it.
  bool StopAtRefusal = false;
  /// Instructions to follow for all programs together. A program for which that
  /// is not enough cannot be judged.
  uint64_t MaxSteps = UINT64_MAX;
  /// Where the ways to findings are printed, as the kernel's log has them; null
  /// for nowhere.
  llvm::raw_ostream *Paths = nullptr;
  bool Details = false; ///< fills in Judgement::Details
};

/// A step on the way to a finding, at its line of source.
struct ToldStep {
  verify::PathStep Step;
  std::string File, Text;
  uint32_t Line = 0; ///< 0 if it is not known
};

/// What a report shows beside verdict and finding.
struct JudgementDetails {
  /// A line of source, and how many instructions of it were followed.
  struct Line {
    std::string File, Text;
    uint32_t Number;
    uint64_t Steps;
  };
  std::vector<Line> Lines;
  std::vector<ToldStep> Way; ///< to the finding
  uint64_t LeftOut = 0;      ///< steps that come before those of Way
};

/// What one kernel says of one program.
struct Judgement {
  std::string Program;
  target::KernelVersion Kernel;
  verify::Verdict Verdict = verify::Verdict::Unjudged;
  verify::Statistics Stats;
  uint64_t Microseconds = 0;
  size_t Insts = 0;
  /// Why it is not accepted, with the way there as notes.
  std::optional<Diagnostic> Why;
  std::optional<JudgementDetails> Details;
};

/// Asks each kernel about each program of \p O, which came from \p Name.
/// Errors that no program's verdict is about: BadObject and its kin.
llvm::Expected<std::vector<Judgement>>
judge(const Object &O, llvm::StringRef Name, const JudgeOptions &Options);

/// The reasons in \p All, each once, with the programs and kernels that it is
/// about: what has the same cause on the same line is one.
std::vector<Diagnostic> reasons(llvm::ArrayRef<Judgement> All);

} // namespace bpfcc::tools

#endif
