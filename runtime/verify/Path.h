#ifndef BPFCC_RUNTIME_VERIFY_PATH_H
#define BPFCC_RUNTIME_VERIFY_PATH_H

#include "runtime/verify/Verify.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace bpfcc::verify {

struct NamedText {
  std::string Name, Text;
  bool operator==(const NamedText &) const = default;
};

/// One instruction on the way to a finding, with the state that the verifier
/// had there, in the words of the kernel's log.
struct PathStep {
  Place At;
  uint32_t Number;     ///< of the instruction, as logs have it
  uint32_t Frame;      ///< 0 for the program itself
  std::string Before;  ///< lines that come first: `from 4 to 9: R0=...`
  std::string Inst;    ///< `(b7) r0 = 0`
  std::string Changes; ///< ` R0_w=0`: what it reads and what it changes
  std::string After;   ///< lines that follow it: `caller:`, `callee:`
  bool Branches;       ///< the path goes on with the way that jumps
  /// Variables whose values registers and stack hold behind it, in words, as
  /// far as lines of source tell which they are.
  std::vector<NamedText> Variables;
};

using PathSink = llvm::function_ref<void(PathStep)>;

/// Follows the way to the finding of \p R, which verify() gave for the same
/// program and options, once more. The last step is the one that is wrong. Of a
/// way of more than \p Most steps it is the end; gives how many are left out.
uint64_t followPath(const Program &P, uint32_t Entry, const Options &O,
                    const Result &R, uint64_t Most, PathSink Sink);

/// Prints that way as the kernel's log of a refused program has it: source,
/// instructions, states, the finding. Of a long one the end.
void printPath(llvm::raw_ostream &OS, const Program &P, uint32_t Entry,
               const Options &O, const Result &R);

} // namespace bpfcc::verify

#endif
