#ifndef BPFCC_TOOLS_SUPEROPT_PROVER_H
#define BPFCC_TOOLS_SUPEROPT_PROVER_H

#include "backend/finish/RuleText.h"

#include <string>

namespace bpfcc::superopt {

struct Proof {
  enum Verdict : uint8_t {
    Proved,
    Refuted,  ///< Why has numbers for which the rule is wrong
    Unknown,  ///< Why tells what stopped the prover
    NoProver, ///< this build has none
  } V;
  std::string Why;
};

/// Whether \p R holds for all registers, memories and constants, in both byte
/// orders. Where the prover is given up after \p Milliseconds depends on the
/// machine; what it proves and refutes does not.
Proof prove(const Rule &R, unsigned Milliseconds = 60000);

} // namespace bpfcc::superopt

#endif
