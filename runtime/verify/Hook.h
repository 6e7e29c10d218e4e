#ifndef BPFCC_RUNTIME_VERIFY_HOOK_H
#define BPFCC_RUNTIME_VERIFY_HOOK_H

#include "backend/btf/KernelTypes.h"
#include "runtime/verify/State.h"
#include "runtime/verify/Verify.h"

namespace bpfcc::verify {

/// Of enum bpf_attach_type.
enum : uint8_t {
  InetEgress = 1,
  RawTp = 23,
  Fentry = 24,
  Fexit = 25,
  ModifyReturn = 26,
  LsmMac = 27,
  Iter = 28,
  LsmCgroup = 43,
  Session = 56,
};

/// What of the kernel a program is attached to, where that is a function with
/// types: what the words of its context are.
struct Hook {
  enum What : uint8_t {
    Number,
    Object, ///< a pointer to record Type, with Flags
    Memory, ///< memory of any size, with Flags
    Absent, ///< no program may read it; see Why
  };
  struct Word {
    What Is = Number;
    uint16_t Flags = 0;
    uint32_t Type = 0; ///< BTF of the kernel
    std::string Why;
    bool Whole = true;     ///< only all eight bytes are read
    bool IsResult = false; ///< what the function gave
  };
  std::string Name;
  std::string Operations;  ///< the struct that operation Name is of
  std::vector<Word> Words; ///< of the context, the result last if it is there
  uint32_t Result = 0;     ///< BTF type of what the function gives; 0 for void
};

enum class HookFound : uint8_t {
  No, ///< the program's type has none
  Yes,
  Missing, ///< the kernel has not what the program asks for
  Unknown, ///< the object does not say what it is attached to
};

/// Finds the hook of subprogram \p Entry in the kernel's types. \p Why says
/// what is missing.
HookFound findHook(const Program &P, uint32_t Entry, const Options &O, Hook &H,
                   std::string &Why);

} // namespace bpfcc::verify

#endif
