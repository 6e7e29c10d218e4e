// Calls of BPF functions, callbacks, and the ends of functions and programs.
//
// A static function is followed anew in each call, with what is known there. A
// global one is followed once, with no more known of its arguments than their
// types say, and its calls are passed over. A callback is followed with the
// arguments that its helper gives; after it the call is met again, so that the
// next round starts where this one ended, and rounds end when one is like an
// earlier one (Keep.cpp).

#include "runtime/verify/Verifier.h"

#include "backend/target/KernelObjects.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using target::ProgType;

bool Verifier::enter(uint32_t SubNumber, CallbackKind Kind) {
  if (Cur.Frames.size() >= MaxFrames)
    return fail(DiagCode::CallDepth,
                "a chain of " + Twine(Cur.Frames.size() + 1) +
                    " calls, the limit is " + Twine(MaxFrames),
                "let functions of the chain be inlined: "
                "`static __always_inline`");
  auto F = std::make_shared<Frame>();
  F->Sub = SubNumber;
  F->CallSite = Pc;
  F->Callback = Kind;
  F->RefsBefore = uint32_t(Cur.Refs.size());
  Reg Fp;
  Fp.K = Kind::Stack;
  Fp.Index = uint32_t(Cur.Frames.size());
  Fp.Value = Scalar::constant(0);
  Fp.Node = Graph.define(Pc);
  F->R[isa::R10] = Fp;
  Cur.Frames.push_back(std::move(F));
  return true;
}

bool Verifier::subprogCall(const isa::Inst &) {
  uint32_t SubNumber = U.Target[Pc];
  const Unit::Sub &S = U.Subs[SubNumber];
  if (SubNumber == U.ExceptionCallback && SubNumber)
    return fail(DiagCode::BadCallback,
                "the exception callback is called as a function");
  if (Cur.LockIndex && (S.IsGlobal || before(6, 9)))
    return fail(DiagCode::LockMisuse,
                "a function is called while a spin lock is held",
                "unlock first");
  if (S.IsGlobal)
    return globalCall(SubNumber);
  Reg Args[6];
  for (unsigned N = isa::R1; N <= isa::R5; ++N) {
    Args[N] = reg(N);
    // What the callee reads of them, it reads of here.
    if (Args[N].Node)
      Args[N].Node = Graph.renew(Args[N].Node);
  }
  if (!enter(SubNumber, CallbackKind::None))
    return false;
  Frame &Caller = Cur.writable(Cur.Frames.size() - 2);
  for (unsigned N = isa::R0; N <= isa::R5; ++N)
    Caller.R[N] = Reg();
  Frame &F = frame();
  for (unsigned N = isa::R1; N <= isa::R5; ++N)
    F.R[N] = Args[N];
  Pc = S.Start;
  return true;
}

bool Verifier::callback(Call &C, CallbackKind Kind) {
  if (C.Callback == ~0u)
    return cannotJudge("the callback of `" + C.Name + "` is not known");
  // Older kernels follow one round, and go on behind the call from its end.
  bool Once =
      Kind != CallbackKind::Async && !has(target::Feature::CallbackRounds);
  if (Once && frame().CallbackDepth) {
    frame().CallbackDepth = 0;
    --Res.Stats.Processed;
    return true;
  }
  State Saved = Cur;
  uint32_t Here = Pc, Start = U.Subs[C.Callback].Start;
  auto Give = [&](unsigned N, Reg R, Nodes::Id From = 0) {
    R.Node = Graph.define(Here, From);
    frame().R[N] = R;
  };
  auto MapArguments = [&](uint32_t Map) {
    Reg R;
    R.Index = Map;
    R.Value = Scalar::constant(0);
    R.K = Kind::MapPtr;
    Give(isa::R1, R);
    R.K = Kind::MapKey;
    Give(isa::R2, R);
    R.K = Kind::MapValue;
    if (P.Maps[Map].special(SpecialField::SpinLock))
      R.Id = newId();
    Give(isa::R3, R);
  };
  if (Kind == CallbackKind::Async) {
    // It runs later, on its own.
    if (C.Map == ~0u)
      return cannotJudge("a timer whose map is not known");
    Cur = State();
    if (!enter(C.Callback, Kind))
      return false;
    MapArguments(C.Map);
  } else {
    ++frame().CallbackDepth;
    Reg Context = C.Args[3];
    unsigned ContextReg = 2;
    if (!enter(C.Callback, Kind))
      return false;
    if (Kind == CallbackKind::ForEachMap) {
      MapArguments(C.Map);
      Context = C.Args[3];
      ContextReg = 4;
    } else if (Kind == CallbackKind::Tree) {
      Give(isa::R1, nodeOf(C.Container, false));
      Give(isa::R2, nodeOf(C.Container, false));
      ContextReg = 0;
    } else if (Kind == CallbackKind::Loop) {
      Give(isa::R1, unknownScalar());
    } else {
      // find_vma, user_ringbuf_drain
      Reg R;
      R.Value = Scalar::constant(0);
      if (C.H && C.H->Id == 209) {
        R.K = Kind::Dynptr;
        R.Id = newId();
        R.Index = R.Id;
        Give(isa::R1, R);
      } else {
        // find_vma: the task that it was asked of, and the area.
        Reg Area = R;
        R.K = Area.K = Kind::Foreign;
        if (O.Types) {
          R = C.Args[1];
          Area = kernelObject(O.Types->record("vm_area_struct"), 0);
        }
        Give(isa::R1, R);
        Give(isa::R2, Area);
        ContextReg = 3;
      }
      Context = C.Args[C.H && C.H->Id == 180 ? 4 : 3];
    }
    if (ContextReg)
      Give(ContextReg, Context, Context.Node);
  }
  State Inside = std::move(Cur);
  Cur = std::move(Saved);
  if (Kind != CallbackKind::Async) {
    Ended = Once;
    return push(std::move(Inside), Start);
  }
  // No path leads there, so none waits for its end.
  uint32_t Before = std::exchange(Parent, 0);
  bool Room = push(std::move(Inside), Start);
  Parent = Before;
  return Room;
}

/// Back to the caller.
bool Verifier::leave() {
  const Frame Callee = Cur.top();
  if (Cur.LockIndex && before(6, 9))
    return fail(DiagCode::LockMisuse, "the function ends with a spin lock held",
                "unlock before");
  // A function without a result leaves r0 as it is.
  if (Callee.Callback != CallbackKind::None && !read(isa::R0))
    return false;
  const Reg &R = reg(isa::R0);
  if (R.is(Kind::Stack) && R.Index == frameNo())
    return failAbout(DiagCode::StackUse, R,
                     "the address of a variable of this function is returned",
                     "the variable ends with the function");
  if (Callee.Callback == CallbackKind::None) {
    Reg Result = R;
    if (R.Node)
      Result.Node = Graph.renew(R.Node);
    Cur.Frames.pop_back();
    frame().R[isa::R0] = Result;
    Pc = Callee.CallSite + 1;
    return true;
  }
  if (!R.isScalar())
    return failAbout(DiagCode::BadCallback, R,
                     Twine("a callback returns ") + kindName(R) +
                         ", it must return a number");
  Graph.markPrecise(R.Node);
  if (R.Value.Whole.UMax > 1)
    return failAbout(DiagCode::BadCallback, R,
                     "a callback returns" + rangeText(R) +
                         ", it must return 0 or 1",
                     "0 goes on, 1 stops");
  if (Cur.LockIndex && Callee.RefsBefore != ~0u && Cur.LockInst &&
      U.SubOf[Cur.LockInst] == Callee.Sub)
    return fail(DiagCode::LockMisuse,
                "a callback returns with its spin lock held");
  if (Cur.Refs.size() > Callee.RefsBefore)
    return noLeftovers("a callback");
  Cur.Frames.pop_back();
  Pc = Callee.CallSite;
  const State *Before = nullptr;
  for (uint32_t K = Parent; K; K = Store[K].Parent) {
    const State &S = Store[K].S;
    if (Store[K].Inst == Pc && S.Frames.size() == Cur.Frames.size()) {
      Before = &S;
      break;
    }
  }
  if (Before && has(target::Feature::CallbackRounds))
    widen(*Before, Cur);
  return true;
}

/// Nothing is held any more. Callbacks give back what they took; where \p All,
/// what their callers took too.
bool Verifier::noLeftovers(const char *Where, bool All) {
  if (Cur.LockIndex)
    return fail(DiagCode::LockMisuse,
                Twine(Where) + " is reached with a spin lock held",
                "unlock on every path");
  if (Cur.InRcu())
    return fail(DiagCode::LockMisuse,
                Twine(Where) + " is reached inside an RCU section",
                "call bpf_rcu_read_unlock() on every path");
  if (Cur.PreemptDepth)
    return fail(DiagCode::LockMisuse,
                Twine(Where) + " is reached with preemption disabled",
                "call bpf_preempt_enable() on every path");
  size_t Mine = 0;
  for (const auto &F : Cur.Frames)
    if (F->Callback != CallbackKind::None && !All)
      Mine = F->RefsBefore;
  if (Cur.Refs.size() <= Mine)
    return true;
  const Reference R = Cur.Refs.back();
  fail(DiagCode::Unreleased,
       Twine(Where) + " is reached, and " + R.What + " is still held",
       "release it on every path");
  Why.Path.insert(Why.Path.begin(), {U.place(R.Inst), "it is taken here"});
  if (Why.Path.size() > 5)
    Why.Path.pop_back();
  return false;
}

/// The numbers that a program of this type may return; the kernel acts on them.
static bool returnRange(const Options &O, int64_t &Min, int64_t &Max) {
  Min = 0;
  Max = 1;
  switch (O.Type) {
  case ProgType::CgroupSockAddr: {
    constexpr uint8_t One[] = {19, 20, 29, 30, 31, 32, 51, 52, 53};
    if (is_contained(One, O.AttachType))
      Min = 1;
    constexpr uint8_t Bind[] = {8, 9};
    if (is_contained(Bind, O.AttachType))
      Max = 3;
    return true;
  }
  case ProgType::CgroupSkb:
    if (O.AttachType == InetEgress)
      Max = 3;
    return true;
  case ProgType::CgroupSock:
  case ProgType::SockOps:
  case ProgType::CgroupDevice:
  case ProgType::CgroupSysctl:
  case ProgType::CgroupSockopt:
  case ProgType::SkLookup:
  case ProgType::Netfilter:
    return true;
  case ProgType::Tracing:
    if (O.AttachType == Iter)
      return true;
    Max = 0;
    return O.AttachType == Fentry || O.AttachType == Fexit;
  case ProgType::Kprobe:
    return O.AttachType == Session;
  case ProgType::Lsm:
    if (O.AttachType == LsmCgroup)
      return true;
    Min = -4095;
    Max = 0;
    return O.AttachType == LsmMac;
  default:
    return false;
  }
}

bool Verifier::checkReturn(const Reg &R) {
  int64_t Min, Max;
  if (!returnRange(O, Min, Max))
    return true;
  if (O.Type == ProgType::Lsm && before(6, 12))
    return true;
  if (O.Type == ProgType::Lsm && Event && Min < 0) {
    if (O.Types->btf().type(Event->Result).K == btf::KindVoid)
      return true;
    if (target::lsmFlags(Event->Name) & target::lsm::Truth) {
      Min = 0;
      Max = 1;
    }
  }
  if (!R.isScalar())
    return failAbout(DiagCode::ReturnValue, R,
                     Twine("the program returns ") + kindName(R) +
                         ", it must return a number");
  Graph.markPrecise(R.Node);
  const auto &V = R.Value;
  bool Fits = V.Whole.SMin >= Min && V.Whole.SMax <= Max;
  if (Min < 0)
    Fits |= V.Low.SMin >= Min && V.Low.SMax <= Max;
  if (O.Type == ProgType::Lsm && O.AttachType == LsmMac && !R.isZero() &&
      !Event)
    return cannotJudge("what an LSM program may return depends on its hook");
  if (Fits)
    return true;
  return failAbout(DiagCode::ReturnValue, R,
                   "the program returns" + rangeText(R) + ", it must return " +
                       Twine(Min) + (Min == Max ? "" : " to ") +
                       (Min == Max ? std::string() : std::to_string(Max)),
                   "return one of these on every path");
}

bool Verifier::exitProgram() {
  // Operations of a structure may have no result; what they have is in the
  // kernel's types.
  bool MayBeVoid = O.Type == ProgType::StructOps && !RootSub;
  // So may hooks of LSM.
  MayBeVoid |= O.Type == ProgType::Lsm && O.AttachType == LsmMac && Event &&
               !RootSub &&
               O.Types->btf().type(Event->Result).K == btf::KindVoid;
  if (!(MayBeVoid && reg(isa::R0).is(Kind::NotInit)) && !read(isa::R0))
    return false;
  if (!noLeftovers("the end of the program"))
    return false;
  const Reg &R = reg(isa::R0);
  const Frame &F = Cur.top();
  if (F.Callback == CallbackKind::Async) {
    if (!R.isConstant() || R.Value.Bits.Value) {
      Graph.markPrecise(R.Node);
      return failAbout(DiagCode::BadCallback, R,
                       "a timer's callback must return 0");
    }
    Graph.markPrecise(R.Node);
  } else if (RootSub && RootSub == U.ExceptionCallback) {
    if (!checkReturn(R))
      return false;
  } else if (RootSub) {
    if (!R.isScalar())
      return failAbout(DiagCode::ReturnValue, R,
                       Twine("a global function returns ") + kindName(R) +
                           ", it must return a number",
                       "make the function static");
  } else if (!checkReturn(R)) {
    return false;
  }
  Ended = true;
  return true;
}

} // namespace bpfcc::verify
