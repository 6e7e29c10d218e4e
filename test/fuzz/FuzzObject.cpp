// Any bytes as an object: refused with a reason, or loaded.

#include "backend/object/ElfFile.h"
#include "runtime/load/Program.h"
#include "support/Diagnostic.h"

using namespace bpfcc;

static int requireReason(llvm::Error E) {
  if (takeMessages(std::move(E)).empty())
    __builtin_trap();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  auto O = readElf({Data, Size}, "fuzz.o");
  if (!O)
    return requireReason(O.takeError());
  auto P = loadProgram(*O, "fuzz.o");
  return P ? 0 : requireReason(P.takeError());
}
