#ifndef BPFCC_RUNTIME_HELPERS_THROWN_H
#define BPFCC_RUNTIME_HELPERS_THROWN_H

#include "llvm/Support/Error.h"

namespace bpfcc {

/// What bpf_throw() was given. It ends the program, and with it all that
/// called, as an error does; run() of an engine catches it.
class Thrown : public llvm::ErrorInfo<Thrown> {
public:
  static char ID;
  explicit Thrown(uint64_t Cookie) : Cookie(Cookie) {}
  void log(llvm::raw_ostream &OS) const override { OS << "bpf_throw"; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }

  uint64_t Cookie;
};

} // namespace bpfcc

#endif
