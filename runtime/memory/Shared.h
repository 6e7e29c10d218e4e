#ifndef BPFCC_RUNTIME_MEMORY_SHARED_H
#define BPFCC_RUNTIME_MEMORY_SHARED_H

// What threads do to the same bytes of a program's memory.

#include "llvm/Support/Compiler.h"

#include <cstddef>
#include <cstdint>

namespace bpfcc {

/// Functions that access memory as programs do. Whether programs race with each
/// other is their own matter, and nothing for ThreadSanitizer.
#define BPFCC_MAY_RACE LLVM_NO_SANITIZE("thread")

/// Copies \p Size bytes that others may read or write meanwhile; each aligned
/// word of 8 bytes in one piece, as the kernel's bpf_long_memcpy does.
BPFCC_MAY_RACE inline void copyShared(uint8_t *To, const uint8_t *From,
                                      size_t Size) {
  struct __attribute__((packed, may_alias)) Word {
    uint64_t V;
  };
  struct __attribute__((packed, may_alias)) Half {
    uint32_t V;
  };
  for (; Size >= 8; Size -= 8, To += 8, From += 8) {
    uint64_t V = reinterpret_cast<const volatile Word *>(From)->V;
    reinterpret_cast<volatile Word *>(To)->V = V;
  }
  if (Size >= 4) {
    uint32_t V = reinterpret_cast<const volatile Half *>(From)->V;
    reinterpret_cast<volatile Half *>(To)->V = V;
    Size -= 4, To += 4, From += 4;
  }
  for (; Size; --Size)
    *To++ = *From++;
}

/// Takes a struct bpf_spin_lock: a word at a multiple of 4 that is 0 while
/// nobody holds it. Who waits lets others run: the one that holds it may have
/// lost its processor. False if the word is neither 0 nor 1, or nobody gives
/// the lock back for a second: somebody writes to it who should not.
bool lockSpin(uint8_t *Word);
void unlockSpin(uint8_t *Word);

} // namespace bpfcc

#endif
