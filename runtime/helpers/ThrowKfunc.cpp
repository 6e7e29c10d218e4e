#include "runtime/helpers/Call.h"
#include "runtime/helpers/Thrown.h"

using namespace llvm;

namespace bpfcc {

char Thrown::ID;

HelperFunction throwKfunc(StringRef Name) {
  if (Name != "throw")
    return nullptr;
  return [](Call &C) -> Result { return make_error<Thrown>(C.R[0]); };
}

} // namespace bpfcc
