// Stack along chains of calls: 512 bytes for all frames that are open at once,
// each rounded up to 16 (to 32 before Linux 6.9). A program that makes tail
// calls keeps the stack of who called it, so that such callers may have 256.
//
// From Linux 6.13 on functions of tracing programs that need 64 bytes or more
// have a stack of their own, beside that of the kernel.

#include "runtime/verify/Hook.h"
#include "runtime/verify/Unit.h"
#include "support/Counted.h"

using namespace llvm;

namespace bpfcc::verify {

namespace {

constexpr unsigned StackLimit = 512, TailCallLimit = 256, MaxFrames = 8,
                   OwnStackMin = 64;

struct Walker {
  const Program &P;
  const Unit &U;
  Finding &Why;
  unsigned Grain;
  bool OwnStacks;
  std::vector<uint32_t> Chain;
  std::vector<unsigned> Most; ///< by Sub: deepest start seen, to visit it again

  const std::string &name(uint32_t S) const {
    return P.Subprogs[U.Subs[S].Subprog].Name;
  }

  unsigned bytes(uint32_t S) const {
    unsigned Grains = (U.Subs[S].StackDepth + Grain - 1) / Grain;
    constexpr unsigned OfOldKernels = 32; // they take one at least
    return (Grain == OfOldKernels ? std::max(1u, Grains) : Grains) * Grain;
  }

  std::string chain() const {
    std::string Text;
    for (uint32_t S : Chain)
      Text += (Text.empty() ? "`" : " -> `") + name(S) + "` (" +
              std::to_string(U.Subs[S].StackDepth) + ")";
    return Text;
  }

  bool fail(DiagCode Code, uint32_t Call, const Twine &Message,
            const Twine &Help) {
    Why.Code = Code;
    Why.At = U.place(Call);
    Why.Message = Message.str();
    Why.Help = Help.str();
    return false;
  }

  bool visit(uint32_t S, unsigned Before, uint32_t Call) {
    if (is_contained(Chain, S))
      return fail(DiagCode::CallDepth, Call,
                  "`" + name(S) + "` calls itself, here or further on",
                  "BPF has no recursion; use a loop");
    Chain.push_back(S);
    if (Chain.size() > MaxFrames)
      return fail(DiagCode::CallDepth, Call,
                  "a chain of " + Twine(Chain.size()) +
                      " calls, the limit is " + Twine(MaxFrames),
                  "let functions of the chain be inlined: "
                  "`static __always_inline`");
    bool Own = OwnStacks && bytes(S) >= OwnStackMin;
    unsigned Total = Before + (Own ? 0 : bytes(S));
    if (Total > StackLimit || bytes(S) > StackLimit)
      return fail(DiagCode::StackTooLarge, Call,
                  formatv(diagFormat(DiagCode::StackTooLarge),
                          Chain.size() == 1 ? name(S) : name(Chain[0]), Total,
                          StackLimit)
                          .str() +
                      (Chain.size() > 1 ? ": " + chain() : std::string()),
                  "move large variables to a per-CPU array map");
    for (uint32_t Inst : U.Subs[S].Calls) {
      uint32_t To = U.Target[Inst];
      if (U.Subs[To].HasTailCall && Total > TailCallLimit)
        return fail(DiagCode::StackTooLarge, Inst,
                    "the stack is " + counted(Total, "byte") +
                        " deep where a function with tail calls is "
                        "called, the limit is " +
                        Twine(TailCallLimit),
                    "make tail calls from the program itself");
      // Only a deeper start can lead to more than was seen.
      if (Most[To] && Most[To] >= Total + 1 && Chain.size() < MaxFrames &&
          !is_contained(Chain, To))
        continue;
      Most[To] = Total + 1;
      if (!visit(To, Total, Inst))
        return false;
    }
    Chain.pop_back();
    return true;
  }
};

/// Whether the kernel gives functions of such programs a stack of their own.
static bool hasOwnStacks(const Unit &U, const Options &O) {
  using target::ProgType;
  if (!hasFeature(O.Kernel, target::Feature::PrivateStack) ||
      any_of(U.Subs, [](const Unit::Sub &S) { return S.HasTailCall; }))
    return false;
  switch (O.Type) {
  case ProgType::Kprobe:
  case ProgType::Tracepoint:
  case ProgType::PerfEvent:
  case ProgType::RawTracepoint:
    return true;
  case ProgType::Tracing:
    return O.AttachType != Iter;
  default:
    return false;
  }
}

} // namespace

bool checkStackDepth(const Program &P, const Unit &U, const Options &O,
                     Finding &Why) {
  unsigned Grain = O.Kernel >= target::KernelVersion{6, 9} ? 16 : 32;
  Walker W{P,
           U,
           Why,
           Grain,
           hasOwnStacks(U, O),
           {},
           std::vector<unsigned>(U.Subs.size())};
  for (uint32_t S = 0; S != U.Subs.size(); ++S)
    if (S == 0 || U.Subs[S].IsCallback)
      if (!W.visit(S, 0, U.Subs[S].Start))
        return false;
  return true;
}

} // namespace bpfcc::verify
