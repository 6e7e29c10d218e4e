#include "runtime/verify/Nodes.h"

namespace bpfcc::verify {

void Nodes::markPrecise(Id N) {
  llvm::SmallVector<Id, 16> Work = {N};
  while (!Work.empty()) {
    Node &At = All[Work.pop_back_val()];
    if (&At == All.data() || At.Flags & Precise)
      continue;
    At.Flags |= Precise;
    Work.push_back(At.A);
    Work.push_back(At.B);
  }
}

Nodes::Id Nodes::origin(Id N) const {
  while (All[N].Flags & Renews)
    N = All[N].A;
  return N;
}

} // namespace bpfcc::verify
