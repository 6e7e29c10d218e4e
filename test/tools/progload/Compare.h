#ifndef BPFCC_TEST_TOOLS_PROGLOAD_COMPARE_H
#define BPFCC_TEST_TOOLS_PROGLOAD_COMPARE_H

#include "World.h"

namespace bpfcc {

struct Comparison {
  std::string Difference; ///< the first one; empty for none
  size_t Ran = 0;         ///< packets that the first world ran on
};

/// Runs both worlds on \p Packets, which they see in the same order. A packet
/// that the first refuses must be refused by the second as well, unless
/// \p FirstDecides. Contents are left out if \p WithContents is not set.
Comparison compareWorlds(World &A, World &B,
                         const std::vector<PacketBytes> &Packets,
                         bool FirstDecides, bool WithContents);

} // namespace bpfcc

#endif
