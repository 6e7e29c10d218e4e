// Programs of tracing, LSM and operations get their event's arguments as the
// words of an array. What each word is, the kernel's BTF says by the function
// that the event calls:
//
//   fentry/f, fexit/f, fmod_ret/f   f itself; after it, for the latter two, its
//                                   result is one word more
//   tp_btf/t                        the function type btf_trace_t, whose first
//                                   argument is not handed on
//   lsm/h, iter/i                   bpf_lsm_h, bpf_iter_i
//   struct_ops                      the member that holds the program
//
// Objects of tracepoints, LSM hooks, iterators and operations are valid for
// the time of the call (trusted); those of functions may be anything of their
// type.

#include "runtime/verify/Hook.h"

#include "backend/target/KernelObjects.h"

using namespace llvm;

namespace bpfcc::verify {

using target::EventArgument;
using target::ProgType;

namespace {

class Finder {
public:
  Finder(const Program &P, uint32_t Entry, const Options &O, Hook &H,
         std::string &Why)
      : P(P), Entry(Entry), O(O), Types(*O.Types), Btf(O.Types->btf()), H(H),
        Why(Why) {}

  HookFound run();

private:
  HookFound prototype();
  HookFound function(StringRef Name, StringRef What);
  HookFound operation();
  void words();
  void pointer(Hook::Word &W, uint32_t To, const BtfFile::Member &Parameter,
               unsigned Argument) const;
  bool trusted() const;

  const Program &P;
  uint32_t Entry;
  const Options &O;
  const KernelTypes &Types;
  const BtfFile &Btf;
  Hook &H;
  std::string &Why;
  std::string Target;
  uint32_t Proto = 0;
  unsigned Skipped = 0; ///< arguments that are not handed on
};

} // namespace

static bool isRecord(btf::Kind K) {
  return K == btf::KindStruct || K == btf::KindUnion;
}

HookFound Finder::function(StringRef Name, StringRef What) {
  uint32_t Func = Types.find(btf::KindFunc, Name);
  if (!Func) {
    Why = "the kernel has no " + What.str() + " `" + Target + "`";
    return HookFound::Missing;
  }
  Proto = Btf.type(Func).Target;
  return HookFound::Yes;
}

HookFound Finder::operation() {
  for (const Program::Operation &Op : P.Operations) {
    if (Op.Subprog != Entry)
      continue;
    StringRef Struct = essentialName(Op.Struct);
    H.Name = Op.Member;
    H.Operations = Struct.str();
    uint32_t Id = Types.find(btf::KindStruct, Struct);
    // The kernel takes operations of this kind from programs if it has this.
    if (!Id || !Types.find(btf::KindStruct, "bpf_struct_ops_" + Struct.str())) {
      Why = "the kernel takes no `struct " + Struct.str() + "` from programs";
      return HookFound::Missing;
    }
    for (const BtfFile::Member &M : Btf.type(Id).Members) {
      if (M.Name != Op.Member)
        continue;
      Proto = Btf.strip(Btf.type(Btf.strip(M.Type)).Target);
      if (Btf.type(Proto).K == btf::KindFuncProto)
        return HookFound::Yes;
    }
    Why = "`struct " + Struct.str() + "` of the kernel has no operation `" +
          Op.Member + "`";
    return HookFound::Missing;
  }
  Why = "no structure of operations holds the program";
  return HookFound::Unknown;
}

/// The type of the function that is called.
HookFound Finder::prototype() {
  if (O.Type == ProgType::StructOps)
    return operation();
  bool Typed = O.Type == ProgType::Lsm ||
               (O.Type == ProgType::Tracing && O.AttachType >= RawTp &&
                O.AttachType <= Iter);
  if (!Typed)
    return HookFound::No;
  auto [Kind, Name] = StringRef(P.Subprogs[Entry].Section).split('/');
  if (Name.empty()) {
    Why = "the section does not say what the program is attached to";
    return HookFound::Unknown;
  }
  Target = Name.str();
  H.Name = Target;
  if (O.Type == ProgType::Lsm)
    return function("bpf_lsm_" + Target, "LSM hook");
  if (O.AttachType == Iter)
    return function("bpf_iter_" + Target, "iterator");
  if (O.AttachType != RawTp)
    return function(Target, "function");
  uint32_t Typedef = Types.find(btf::KindTypedef, "btf_trace_" + Target);
  if (!Typedef) {
    Why = "the kernel has no tracepoint `" + Target + "`";
    return HookFound::Missing;
  }
  Skipped = 1;
  Proto = Btf.strip(Btf.type(Btf.strip(Typedef)).Target);
  return HookFound::Yes;
}

bool Finder::trusted() const {
  if (O.Type == ProgType::Lsm)
    return !(target::lsmFlags(Target) & target::lsm::Untrusted);
  return O.Type == ProgType::StructOps || O.AttachType == RawTp ||
         O.AttachType == Iter;
}

/// What a pointer to \p To is to the program.
void Finder::pointer(Hook::Word &W, uint32_t To,
                     const BtfFile::Member &Parameter,
                     unsigned Argument) const {
  StringRef Tag;
  for (; Btf.type(To).K == btf::KindTypeTag; To = Btf.type(To).Target)
    Tag = Btf.type(To).Name;
  To = Btf.strip(To);
  btf::Kind K = Btf.type(To).K;
  auto Event = EventArgument::Valid;
  if (O.AttachType == Iter)
    Event = target::iteratorArgument(Target, Argument);
  else if (O.AttachType == RawTp && O.Kernel >= target::KernelVersion{6, 13})
    Event = target::tracepointArgument(Target, Argument);
  if (Event == EventArgument::Buffer || Event == EventArgument::ReadBuffer) {
    W.Is = Hook::Memory;
    W.Flags = MayBeNull;
    if (Event == EventArgument::ReadBuffer)
      W.Flags |= ReadOnly;
    return;
  }
  if (K == btf::KindVoid || K == btf::KindInt || Event == EventArgument::Error)
    return;
  if (!isRecord(K)) {
    W.Is = Hook::Absent;
    W.Why = "it leads to no struct";
    return;
  }
  W.Is = Hook::Object;
  W.Type = To;
  if (trusted())
    W.Flags |= Trusted;
  if (Event == EventArgument::Null || Parameter.Name.ends_with("__nullable"))
    W.Flags |= MayBeNull;
  if (Event == EventArgument::Object)
    W.Flags = MayBeNull;
  if (Event == EventArgument::Trusted)
    W.Flags = MayBeNull | Trusted;
  if (Event == EventArgument::Untrusted)
    W.Flags = MayBeNull | Untrusted;
  if (Tag == "user")
    W.Flags |= User;
  if (Tag == "percpu")
    W.Flags |= PerCpu;
  // Operations of TCP get the socket as what it is.
  if (H.Operations == "tcp_congestion_ops" && Btf.type(To).Name == "sock")
    W.Type = Types.find(btf::KindStruct, "tcp_sock");
}

void Finder::words() {
  const BtfFile::Type &T = Btf.type(Proto);
  auto AddNumber = [&](uint32_t Type) {
    constexpr unsigned WordSize = 8;
    for (uint64_t N = 0; N == 0 || N < Btf.sizeOf(Type); N += WordSize) {
      H.Words.emplace_back();
      H.Words.back().Whole = false;
    }
  };
  for (unsigned N = Skipped; N < T.Members.size(); ++N) {
    uint32_t Type = Btf.strip(T.Members[N].Type);
    if (Btf.type(Type).K != btf::KindPtr) {
      AddNumber(Type);
      continue;
    }
    H.Words.emplace_back();
    pointer(H.Words.back(), Btf.type(Type).Target, T.Members[N], N - Skipped);
  }
  H.Result = Btf.strip(T.Target);
  bool SeesResult = O.AttachType == Fexit || O.AttachType == ModifyReturn ||
                    O.Type == ProgType::Lsm;
  if (!SeesResult || O.Type == ProgType::StructOps)
    return;
  H.Words.emplace_back();
  Hook::Word &W = H.Words.back();
  W.IsResult = true;
  if (Btf.type(H.Result).K == btf::KindPtr)
    pointer(W, Btf.type(H.Result).Target, {}, ~0u);
  else
    W.Whole = false;
}

HookFound Finder::run() {
  HookFound R = prototype();
  if (R != HookFound::Yes)
    return R;
  words();
  uint8_t Flags = O.Type == ProgType::Lsm ? target::lsmFlags(Target) : 0;
  if (Flags & target::lsm::Closed) {
    Why = "no program can be attached to LSM hook `" + Target + "`";
    return HookFound::Missing;
  }
  if (O.Type == ProgType::Lsm && O.Sleepable &&
      !(Flags & target::lsm::Sleepable)) {
    Why = "programs at LSM hook `" + Target + "` may not sleep";
    return HookFound::Missing;
  }
  return R;
}

HookFound findHook(const Program &P, uint32_t Entry, const Options &O, Hook &H,
                   std::string &Why) {
  return Finder(P, Entry, O, H, Why).run();
}

} // namespace bpfcc::verify
