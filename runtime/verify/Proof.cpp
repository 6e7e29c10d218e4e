#include "runtime/verify/Proof.h"

#include "backend/target/MapTypes.h"
#include "runtime/verify/Verify.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace bpfcc::verify {

using target::MapType;
using target::ProgType;

/// Whether the contexts of user space have all fields that the verifier knows.
static bool hasWholeContext(ProgType T) {
  switch (T) {
  case ProgType::Xdp:
  case ProgType::SchedCls:
  case ProgType::SchedAct:
  case ProgType::SocketFilter:
  case ProgType::CgroupSkb:
    return true;
  default:
    return false;
  }
}

/// Whether \p P uses what the verifier knows of kernels and user space does
/// not guard in the same way: arenas, objects, and most kernel functions.
static bool usesMoreThanPackets(const Program &P) {
  static constexpr StringLiteral Known[] = {"bpf_iter_num_", "bpf_dynptr_",
                                            "bpf_rcu_read_", "bpf_preempt_"};
  for (const std::string &Name : P.Externs)
    if (none_of(Known,
                [&](StringRef K) { return StringRef(Name).starts_with(K); }))
      return true;
  for (const MapDef &M : P.Maps)
    if (MapType(M.Type) == MapType::Arena)
      return true;
  for (const Subprog &S : P.Subprogs)
    for (const isa::Inst &I : S.Insts)
      if (I.Opcode == isa::Op::ADDR_SPACE_CAST)
        return true;
  return false;
}

bool needsNoChecks(const Program &P) {
  if (usesMoreThanPackets(P))
    return false;
  bool TailCalls = any_of(P.Maps, [](const MapDef &M) {
    return MapType(M.Type) == MapType::ProgArray;
  });
  Options O;
  O.Kernel = {6, 18}; // the newest rules that verify() knows
  O.Gpl = isGplCompatible(P.License);
  O.ConstantsMayChange = true;
  for (uint32_t N = 0; N != P.Subprogs.size(); ++N) {
    const Subprog &S = P.Subprogs[N];
    if (!S.IsProgram)
      continue;
    ProgType Type = target::progTypeForSection(S.Section);
    // User space lets a program go on with one that has other contexts.
    if (TailCalls && O.Type != ProgType::Unspec && O.Type != Type)
      return false;
    O.Type = Type;
    if (!hasWholeContext(Type) || verify(P, N, O).V != Verdict::Accepted)
      return false;
  }
  return true;
}

} // namespace bpfcc::verify
