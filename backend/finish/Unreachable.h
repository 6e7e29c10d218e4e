#ifndef BPFCC_BACKEND_FINISH_UNREACHABLE_H
#define BPFCC_BACKEND_FINISH_UNREACHABLE_H

#include "backend/finish/Lower.h"

namespace bpfcc {

/// Takes out of \p L what control never comes to: a kernel refuses programs
/// with such instructions. Assembly text stays whole if any of it is reached.
void dropUnreachable(LinearCode &L);

/// Gives everything in \p L that counts instructions its new number;
/// \p NewIndex is by old number, with one more at the end. Code.Insts and
/// Jumps are the caller's.
void renumber(LinearCode &L, const std::vector<uint32_t> &NewIndex);

} // namespace bpfcc

#endif
