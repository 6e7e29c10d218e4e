#ifndef BPFCC_BACKEND_MIR_CHECKFORMS_H
#define BPFCC_BACKEND_MIR_CHECKFORMS_H

#include "backend/mir/Mir.h"

namespace bpfcc::mir {

constexpr size_t NoInst = ~size_t(0);

struct Place {
  BlockId Block = 0;
  size_t Inst = NoInst;
};

/// What is wrong with the registers of \p F, whose shape is sound, or nothing;
/// \p Where is set to the place.
std::string checkSsa(const Function &F, Place &Where);
std::string checkAllocated(const Function &F, Place &Where);

} // namespace bpfcc::mir

#endif
