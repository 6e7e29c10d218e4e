#include "runtime/api/Handles.h"
#include "runtime/verify/Describe.h"
#include "support/Diagnostic.h"

#include <numeric>

using namespace llvm;
using namespace bpfcc;
using namespace bpfcc::api;

int bpfcc_object_verify(const bpfcc_object *Object, size_t N, uint32_t Kernel,
                        bpfcc_verdict *Verdict, bpfcc_error **Err) {
  if (N >= Object->Programs.size())
    return fail(Err, -EINVAL,
                "there are " + Twine(Object->Programs.size()) + " programs");
  if (Verdict && Verdict->size < sizeof(size_t))
    return fail(Err, -EINVAL, "bpfcc_verdict: `size` is not set");
  target::KernelVersion On{uint8_t(Kernel >> 16), uint8_t(Kernel >> 8)};
  if (!Kernel)
    On = verify::Options().Kernel;
  if (Kernel >> 24 || !target::isRelease(On))
    return fail(Err, -EINVAL, "there is no Linux " + target::toString(On));
  const Program &P = *Object->Prog;
  uint32_t Entry = Object->Programs[N];
  verify::Options O = verify::optionsFor(P, Entry, On);
  if (O.Type == target::ProgType::Unspec)
    return fail(Err, -ENOTSUP,
                "section `" + P.Subprogs[Entry].Section +
                    "` names no program type");
  verify::Result R = verify::verify(P, Entry, O);
  if (Verdict) {
    bpfcc_verdict V{};
    V.instructions = R.Stats.Processed;
    V.states = R.Stats.States;
    V.stack = std::accumulate(R.Stats.Stack.begin(), R.Stats.Stack.end(), 0u);
    give(Verdict, V);
  }
  if (R.V == verify::Verdict::Accepted)
    return 0;
  return fail(Err, R.V == verify::Verdict::Rejected ? -EACCES : -ENOTSUP,
              make_error<DiagnosticError>(verify::describe(P, R.Why)));
}
