#ifndef BPFCC_RUNTIME_VERIFY_KERNELWALK_H
#define BPFCC_RUNTIME_VERIFY_KERNELWALK_H

#include "backend/btf/BtfFile.h"

#include <string>

namespace bpfcc::verify {

/// What lies at a place of a struct or union.
struct Found {
  enum {
    Nothing, ///< see Why
    Number,
    Pointer, ///< to a struct or union, which Type is
  } What = Nothing;
  uint32_t Type = 0;
  uint32_t Record = 0;   ///< the innermost struct that the field is of
  llvm::StringRef Field; ///< its name
  llvm::StringRef Tag; ///< `percpu`, `user`, `rcu`: what a pointer's type says
  std::string Why;     ///< for messages: why no such bytes can be read
};

/// What \p Bytes bytes at \p Offset of record \p Type are, as the kernel takes
/// it (Documentation/bpf/btf.rst): pointers are read whole and alone, numbers
/// within their field, and the array at a record's end may go on for ever.
Found walkRecord(const BtfFile &Btf, uint32_t Type, uint64_t Offset,
                 uint64_t Bytes);

/// Whether an object of type \p Have, \p Offset bytes on, is one of type
/// \p Want: that type itself or, unless \p Strict, one that begins with it.
bool isObject(const BtfFile &Btf, uint32_t Have, uint64_t Offset, uint32_t Want,
              bool Strict);

/// Whether type \p Id is a number, or a record of nothing but numbers, so that
/// any memory can be taken for one.
bool isPlain(const BtfFile &Btf, uint32_t Id);

} // namespace bpfcc::verify

#endif
