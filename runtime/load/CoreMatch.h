#ifndef BPFCC_RUNTIME_LOAD_COREMATCH_H
#define BPFCC_RUNTIME_LOAD_COREMATCH_H

#include "backend/btf/KernelTypes.h"

#include <string>

namespace bpfcc {

/// What a CO-RE relocation comes to on one kernel.
struct CoreAnswer {
  bool Possible = false; ///< the instruction can be given a value
  uint64_t Value = 0;
  /// Of a field's offset: bytes that the field has in the object and there. 0
  /// where loads and stores keep their width.
  unsigned LocalSize = 0, KernelSize = 0;
  bool CanResize = false; ///< pointers and unsigned numbers
  std::string Missing;    ///< what the kernel lacks, if not Possible
};

/// Answers relocation \p R, of types of \p Local, by the types of \p Kernel, as
/// loaders do: a type is found by its name without flavor, a member by its
/// name, also in members without names; what several types of one name
/// disagree about is not possible.
CoreAnswer answerCore(const BtfFile &Local, const BtfFile::CoreRelo &R,
                      const KernelTypes &Kernel);

} // namespace bpfcc

#endif
