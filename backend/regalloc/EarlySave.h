#ifndef BPFCC_BACKEND_REGALLOC_EARLYSAVE_H
#define BPFCC_BACKEND_REGALLOC_EARLYSAVE_H

#include "backend/regalloc/Preferences.h"

namespace bpfcc::regalloc {

/// Whether \p V, the result of a call in block \p Def that does not live across
/// another one there, is better moved at once to a register that survives calls
/// than where ways come to such a call.
bool savesEarly(const mir::Function &F, const Preferences &Prefs, mir::Reg V,
                mir::BlockId Def);

} // namespace bpfcc::regalloc

#endif
