#ifndef BPFCC_BACKEND_FINISH_RULES_H
#define BPFCC_BACKEND_FINISH_RULES_H

#include "backend/finish/RuleCheck.h"
#include "backend/mir/Mir.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace bpfcc {

/// The rows of rules.def, in their order.
llvm::ArrayRef<Rule> rules();

/// What \p N comes to in 64-bit arithmetic that wraps, if constant `A` is
/// Constants[0], and so on.
int64_t valueOf(const Rule &R, RuleNumber N, llvm::ArrayRef<int64_t> Constants);

/// Applies \p Rules, each of which shortens, to \p F until none fits or the
/// third round is over. \p F has physical registers and a laid-out frame.
/// Operations of two addresses have their result in the first operand
/// afterwards.
void applyRules(mir::Function &F, unsigned Cpu,
                llvm::ArrayRef<Rule> Rules = rules());

} // namespace bpfcc

#endif
