#ifndef BPFCC_RUNTIME_VERIFY_VERIFY_H
#define BPFCC_RUNTIME_VERIFY_VERIFY_H

#include "backend/target/KernelVersion.h"
#include "backend/target/ProgTypes.h"
#include "runtime/load/Program.h"
#include "support/Diagnostic.h"

#include <string>
#include <vector>

namespace bpfcc {
class KernelTypes;
}

namespace bpfcc::verify {

/// The kernel that a program is for, and how it is loaded there.
struct Options {
  target::KernelVersion Kernel = {6, 12};
  target::ProgType Type = target::ProgType::Unspec;
  uint8_t AttachType = 0; ///< enum bpf_attach_type
  bool Sleepable = false;
  bool Gpl = true;              ///< the licence lets it call GPL-only helpers
  bool StrictAlignment = false; ///< BPF_F_STRICT_ALIGNMENT
  bool OftenCheckpoint = false; ///< BPF_F_TEST_STATE_FREQ
  /// The kernel's types. Programs that use its objects cannot be judged
  /// without.
  const KernelTypes *Types = nullptr;
  /// Read-only data need not hold what it holds in the object.
  bool ConstantsMayChange = false;
  uint64_t MaxSteps = 1'000'000; ///< instructions followed before giving up
  bool CountSteps = false;       ///< fills in Result::Visits
};

/// What it took to follow all paths; what the kernel's log says at its end.
struct Statistics {
  uint64_t Processed = 0; ///< instructions on all paths
  uint64_t States = 0;    ///< kept for comparing
  uint64_t PeakStates = 0;
  std::vector<unsigned> Stack; ///< bytes, of the program and its subprograms
};

/// A place in the program: an instruction of a subprogram, by index.
struct Place {
  uint32_t Subprog = 0;
  uint32_t Inst = 0;
};

struct Step {
  Place At;
  std::string Label;
};

/// Why a program is refused, or cannot be judged.
struct Finding {
  DiagCode Code = DiagCode::CannotJudge;
  Place At;
  std::string Message, Help;
  std::vector<Step> Path; ///< in the order of execution, at most 5
};

enum class Verdict {
  Accepted,
  Rejected,
  Unjudged, ///< rests on something that is not known here
};

/// The steps First to Last of a verification: instructions are numbered in the
/// order in which they are followed, from 1 on.
struct StepRange {
  uint64_t First, Last;
};

/// How often instructions were followed.
struct Visit {
  Place At;
  uint64_t Times;
};

struct Result {
  Verdict V = Verdict::Unjudged;
  Statistics Stats;
  Finding Why; ///< where it is not accepted
  /// The steps that lead to Why, without those of other paths; empty if it is
  /// not about a path.
  std::vector<StepRange> Way;
  std::vector<Visit> Visits; ///< where Options::CountSteps asks for them
};

/// Follows every path of subprogram \p Entry of \p P as the kernel's verifier
/// does (Documentation/bpf/verifier.rst): the program is accepted if no path
/// can touch memory that is not its own, leave without releasing what it holds,
/// or run for ever. Never accepts what it does not understand.
Result verify(const Program &P, uint32_t Entry, const Options &O);

/// Whether \p License lets a program call GPL-only helpers.
bool isGplCompatible(llvm::StringRef License);

/// The instruction's line in \p P's line information; null if it has none.
const Subprog::Line *lineOf(const Program &P, Place At);

} // namespace bpfcc::verify

#endif
