#ifndef BPFCC_TOOLS_SUPEROPT_SEARCH_H
#define BPFCC_TOOLS_SUPEROPT_SEARCH_H

#include "tools/superopt/Windows.h"

#include <optional>

namespace bpfcc::superopt {

/// A row that rules.def could have.
struct FoundRule {
  std::string Before, After, Condition;
  unsigned Cpu = 1;
  unsigned Count = 0; ///< in how many places its window stands
};

/// The row for \p W that \p After makes, for as many numbers as can be proved.
/// \p After agrees with W for the first example of \p S; \p Numbers says how a
/// row writes the numbers that it has. nullopt if not even that can be proved.
std::optional<FoundRule> generalise(const Window &W, const Sighting &S,
                                    llvm::ArrayRef<WindowInst> After,
                                    llvm::ArrayRef<std::string> Numbers);

/// The row that makes most of \p W: the fewest slots that compute the same, for
/// as many numbers as can be said and proved. nullopt if there is none.
std::optional<FoundRule> findRule(const Window &W, const Sighting &S);

/// The rows for windows that occur \p Least times or more, most frequent
/// first. A window is left out if a part of it has a row.
std::vector<FoundRule> findRules(const Windows &All, unsigned Least);

} // namespace bpfcc::superopt

#endif
