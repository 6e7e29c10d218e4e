#include "tools/superopt/Prover.h"

namespace bpfcc::superopt {

Proof prove(const Rule &, unsigned) {
  return {Proof::NoProver, "built without Z3 (Debian: libz3-dev)"};
}

} // namespace bpfcc::superopt
