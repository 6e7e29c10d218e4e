#include "runtime/hooks/Given.h"

#include "support/Diagnostic.h"

using namespace llvm;

namespace bpfcc {

/// Says at which packet the program failed.
static Error onPacket(Error E, uint64_t Number) {
  return handleErrors(std::move(E), [&](const DiagnosticError &D) -> Error {
    Diagnostic Diag = D.diagnostic();
    Diag.Message += ", on packet " + std::to_string(Number);
    return make_error<DiagnosticError>(std::move(Diag));
  });
}

Error GivenPackets::run(Handler Handle) {
  if (Packets.empty())
    return Error::success();
  Context C(Env, Kind, Packets[0], Options);
  for (uint64_t Round = 0; Round != Repeat; ++Round) {
    uint64_t Start = Env.BootNanoseconds;
    for (size_t N = 0; N != Packets.size(); ++N) {
      C.renew(Packets[N]);
      Env.EventTime = Start + Packets.sinceFirst(N);
      if (auto R0 = Handle(0, C.address()); !R0)
        return onPacket(R0.takeError(), N + 1);
    }
  }
  return Error::success();
}

Error GivenContext::run(Handler Handle) {
  for (uint64_t Round = 0; Round != Repeat; ++Round) {
    Context C(Env, Writable, Bytes);
    if (auto R0 = Handle(0, C.address()); !R0)
      return R0.takeError();
  }
  return Error::success();
}

} // namespace bpfcc
