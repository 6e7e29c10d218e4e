// States that are kept, and how new ones are compared with them.
//
// A kept state whose paths have all ended stands for what is safe: a new state
// that it covers ends there. One whose paths go on stands for a loop: to come
// back to it with nothing changed means to run for ever. The rounds of loops
// that the kernel itself bounds (iterators, bpf_loop, may_goto) end where a
// round begins as an earlier one did; inside such loops what matters is not
// known yet, so there states are compared in full.
//
// How often states are kept (two jumps and eight instructions after the last)
// and when useless ones are dropped is as in the kernel.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

void Verifier::renewNodes() {
  for (size_t N = 0; N != Cur.Frames.size(); ++N) {
    Frame &F = Cur.writable(N);
    for (Reg &R : F.R)
      if (R.Node)
        R.Node = Graph.renew(R.Node);
    for (StackSlot &S : F.Stack)
      if (S.Spill.Node)
        S.Spill.Node = Graph.renew(S.Spill.Node);
  }
}

/// What was read and needed after \p Old, is after \p New.
void Verifier::propagate(const State &Old, const State &New) {
  auto Pass = [&](Nodes::Id From, Nodes::Id To) {
    if (Graph.isRead(From))
      Graph.markRead(To);
    if (Graph.isPrecise(From))
      Graph.markPrecise(To);
  };
  for (size_t N = 0; N != Old.Frames.size(); ++N) {
    const Frame &A = Old.frame(N), &B = New.frame(N);
    for (unsigned R = 0; R != isa::NumRegs; ++R)
      Pass(A.R[R].Node, B.R[R].Node);
    for (size_t S = 0; S < A.Stack.size() && S < B.Stack.size(); ++S)
      Pass(A.Stack[S].Spill.Node, B.Stack[S].Spill.Node);
  }
}

void Verifier::updateLoopEntry(uint32_t Inner, uint32_t Outer) {
  if (!Inner || !Store[Outer].Branches)
    return;
  uint32_t Now = Store[Inner].LoopEntry ? Store[Inner].LoopEntry : Inner;
  if (Store[Outer].Depth <= Store[Now].Depth)
    Store[Inner].LoopEntry = Outer;
}

uint32_t Verifier::outermostLoop(uint32_t K) {
  uint32_t Top = Store[K].LoopEntry;
  while (Top && Store[Top].LoopEntry && Store[Top].LoopEntry != Top)
    Top = Store[Top].LoopEntry;
  Store[K].LoopEntry = Top;
  return Top;
}

/// The path that Parent leads to has ended.
void Verifier::finishPath() {
  for (uint32_t K = Parent; K; K = Store[K].Parent) {
    if (--Store[K].Branches)
      return;
    uint32_t Loop = outermostLoop(K);
    if (Loop && Store[K].Parent)
      updateLoopEntry(Store[K].Parent, Loop);
    if (Store[K].Dropped) {
      Store[K].S = State();
      --LiveStates;
    }
  }
}

/// Whether an iterator has made a round since.
static bool sameIterators(const State &A, const State &B) {
  for (size_t N = 0; N != A.Frames.size(); ++N) {
    const Frame &F = A.frame(N), &G = B.frame(N);
    for (size_t S = 0; S < F.Stack.size() && S < G.Stack.size(); ++S)
      if (F.Stack[S].Bytes[0] == Byte::Iter &&
          G.Stack[S].Bytes[0] == Byte::Iter &&
          F.Stack[S].Spill.Size != G.Stack[S].Spill.Size)
        return false;
  }
  return true;
}

static bool sameCallbackDepth(const State &A, const State &B) {
  for (size_t N = 0; N != A.Frames.size(); ++N)
    if (A.frame(N).CallbackDepth != B.frame(N).CallbackDepth)
      return false;
  return true;
}

/// The kept state before the one of this instruction that was met at \p Inst
/// on this path, in the same calls.
const State *Verifier::previousAt(uint32_t Inst) const {
  auto SameCalls = [&](const State &S) {
    if (S.Frames.size() != Cur.Frames.size())
      return false;
    for (size_t N = 0; N != S.Frames.size(); ++N)
      if (S.frame(N).CallSite != Cur.frame(N).CallSite)
        return false;
    return true;
  };
  for (uint32_t K = Parent ? Store[Parent].Parent : 0; K; K = Store[K].Parent)
    if (Store[K].Inst == Inst && SameCalls(Store[K].S))
      return &Store[K].S;
  return nullptr;
}

/// Numbers that change from round to round and that nothing has rested on
/// become unknown, so that rounds become alike.
void Verifier::widen(const State &Old, State &New) {
  auto Widen = [&](const Reg &A, Reg &B) {
    if (!A.isScalar() || !B.isScalar() || Graph.isPrecise(A.Node) ||
        Graph.isPrecise(B.Node) || (A.Value == B.Value && !A.Id == !B.Id))
      return;
    B.Value = analysis::Scalar::unknown();
    B.Id = 0;
    B.HasDelta = false;
    B.Off = 0;
    B.Node = Graph.renew(B.Node);
  };
  for (size_t N = 0; N != New.Frames.size(); ++N) {
    if (N >= Old.Frames.size())
      break;
    const Frame &A = Old.frame(N);
    Frame &B = New.writable(N);
    for (unsigned R = 0; R != isa::NumRegs; ++R)
      Widen(A.R[R], B.R[R]);
    for (size_t S = 0; S < A.Stack.size() && S < B.Stack.size(); ++S)
      if (A.Stack[S].isFullSpill() && B.Stack[S].isFullSpill())
        Widen(A.Stack[S].Spill, B.Stack[S].Spill);
  }
}

Verifier::Seen Verifier::compareAndKeep() {
  const isa::Inst &I = U.Insts[Pc];
  bool Always = U.Marks[Pc] & Unit::AlwaysKeep;
  bool IsMayGoto = isa::meaning(I.Opcode).What == Sem::MAY_GOTO;
  bool Keep = Always || O.OftenCheckpoint ||
              (JumpsSinceKept >= 2 && StepsSinceKept >= 8);
  std::vector<uint32_t> &List = KeptAt[Pc];
  const Unit *Code = before(6, 15) ? nullptr : &U;
  bool Dropped = false;
  for (size_t At = List.size(); At-- != 0;) {
    uint32_t K = List[At];
    Kept &Old = Store[K];
    bool Hit = false;
    if (Old.Branches) {
      if (Always && !IsMayGoto) {
        Hit = covers(Old.S, Cur, Graph, Exactness::Within, Code, Pc);
      } else if (IsMayGoto) {
        Hit = Old.S.MayGotoDepth != Cur.MayGotoDepth &&
              covers(Old.S, Cur, Graph, Exactness::Within, Code, Pc);
      } else if (Old.S.MayGotoDepth == Cur.MayGotoDepth &&
                 Old.S.Frames.size() == Cur.Frames.size() &&
                 sameIterators(Old.S, Cur) && sameCallbackDepth(Old.S, Cur) &&
                 covers(Old.S, Cur, Graph, Exactness::Exact, Code, Pc)) {
        fail(DiagCode::InfiniteLoop,
             "this loop comes back here with nothing changed",
             "change what its condition tests in each round");
        return Seen::Failed;
      }
      if (Hit) {
        updateLoopEntry(Parent, K);
      } else if (!Always && !O.OftenCheckpoint && JumpsSinceKept < 20 &&
                 StepsSinceKept < 100) {
        Keep = false;
      }
    } else {
      uint32_t Loop = outermostLoop(K);
      bool InLoop = Loop && Store[Loop].Branches;
      Hit = covers(Old.S, Cur, Graph,
                   InLoop ? Exactness::Within : Exactness::Needed, Code, Pc);
      if (Hit && InLoop)
        updateLoopEntry(Parent, Loop);
    }
    if (Hit) {
      ++Old.Hits;
      propagate(Old.S, Cur);
      return Seen::Yes;
    }
    if (!Keep)
      continue;
    unsigned Patience = Always && Old.Branches ? 64 : 3;
    if (++Old.Misses > Old.Hits * Patience + Patience) {
      Old.Dropped = true;
      List[At] = 0;
      Dropped = true;
      if (!Old.Branches) {
        Old.S = State();
        --LiveStates;
      }
    }
  }
  if (Dropped)
    List.erase(std::remove(List.begin(), List.end(), 0u), List.end());
  if (!Keep)
    return Seen::No;

  JumpsSinceKept = 0;
  StepsSinceKept = 0;
  ++Res.Stats.States;
  Res.Stats.PeakStates = std::max(Res.Stats.PeakStates, ++LiveStates);
  renewNodes();
  Kept New;
  New.S = Cur;
  New.Inst = Pc;
  New.Parent = Parent;
  New.Depth = Store[Parent].Depth + 1;
  New.LastNode = Graph.last();
  Store.push_back(std::move(New));
  Parent = uint32_t(Store.size() - 1);
  List.push_back(Parent);
  return Seen::No;
}

} // namespace bpfcc::verify
