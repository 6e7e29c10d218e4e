#include "runtime/hooks/Hooks.h"

#include "llvm/ADT/ArrayRef.h"

using namespace llvm;

namespace bpfcc {

namespace {
struct Row {
  StringRef Prefix; ///< the section's name, or what comes before a `/` or `.`
  HookInfo Info;
};

// pt_regs of the largest of our architectures (arm64's has 336 bytes);
// 12 words for raw tracepoint arguments and the trampolines.
constexpr uint32_t RegsSize = 336, ArgsSize = 96, RawSize = 256;

constexpr Row Rows[] = {
    {"xdp", {HookKind::Xdp, 0, false}},
    {"tc", {HookKind::Tc, 0, false}},
    {"tcx", {HookKind::Tc, 0, false}},
    {"netkit", {HookKind::Tc, 0, false}},
    {"classifier", {HookKind::Tc, 0, false}},
    {"action", {HookKind::Tc, 0, false}},
    {"lwt_in", {HookKind::Tc, 0, false}},
    {"lwt_out", {HookKind::Tc, 0, false}},
    {"lwt_xmit", {HookKind::Tc, 0, false}},
    {"socket", {HookKind::SocketFilter, 0, false}},
    {"sk_skb", {HookKind::SocketFilter, 0, false}},
    {"cgroup_skb", {HookKind::CgroupSkb, 0, false}},
    {"cgroup/skb", {HookKind::CgroupSkb, 0, false}},
    {"tp", {HookKind::Raw, RawSize, false}},
    {"tracepoint", {HookKind::Raw, RawSize, false}},
    {"raw_tp", {HookKind::Raw, ArgsSize, false}},
    {"raw_tracepoint", {HookKind::Raw, ArgsSize, false}},
    {"tp_btf", {HookKind::Raw, ArgsSize, false}},
    {"fentry", {HookKind::Raw, ArgsSize, false}},
    {"fexit", {HookKind::Raw, ArgsSize, false}},
    {"kprobe", {HookKind::Raw, RegsSize, false}},
    {"kretprobe", {HookKind::Raw, RegsSize, false}},
    {"uprobe", {HookKind::Raw, RegsSize, false}},
    {"uretprobe", {HookKind::Raw, RegsSize, false}},
    {"ksyscall", {HookKind::Raw, RegsSize, false}},
    {"kretsyscall", {HookKind::Raw, RegsSize, false}},
    {"perf_event", {HookKind::Raw, RegsSize + 16, false}},
};
} // namespace

HookInfo hookForSection(StringRef Section) {
  Section.consume_front("?"); // libbpf: not loaded unless asked for
  for (const Row &R : Rows)
    if (Section.starts_with(R.Prefix) &&
        (Section.size() == R.Prefix.size() ||
         StringRef("/.").contains(Section[R.Prefix.size()])))
      return R.Info;
  return {HookKind::Raw, RawSize, true};
}

static std::string nameOf(ArrayRef<const char *> Names, int64_t Index,
                          int64_t First) {
  if (Index >= First && Index - First < int64_t(Names.size()))
    return Names[size_t(Index - First)];
  return std::to_string(Index);
}

std::string verdictName(HookKind Kind, uint64_t R0) {
  // enum xdp_action; TC_ACT_* of <linux/pkt_cls.h>.
  static constexpr const char *Xdp[] = {"XDP_ABORTED", "XDP_DROP", "XDP_PASS",
                                        "XDP_TX", "XDP_REDIRECT"};
  static constexpr const char *Tc[] = {
      "TC_ACT_UNSPEC",   "TC_ACT_OK",     "TC_ACT_RECLASSIFY", "TC_ACT_SHOT",
      "TC_ACT_PIPE",     "TC_ACT_STOLEN", "TC_ACT_QUEUED",     "TC_ACT_REPEAT",
      "TC_ACT_REDIRECT", "TC_ACT_TRAP"};
  int32_t Value = int32_t(uint32_t(R0));
  switch (Kind) {
  case HookKind::Xdp:
    return nameOf(Xdp, Value, 0);
  case HookKind::Tc:
    return nameOf(Tc, Value, -1);
  case HookKind::SocketFilter:
    return Value == 0 ? "drop" : "keep " + std::to_string(uint32_t(R0));
  case HookKind::CgroupSkb:
    return Value & 1 ? "allow" : "deny";
  case HookKind::Raw:
    break;
  }
  return "return " + std::to_string(Value);
}

} // namespace bpfcc
