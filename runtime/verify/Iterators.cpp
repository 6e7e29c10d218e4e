// Open-coded iterators: loops that the kernel ends.
//
// next() gives an element or null. The path on which it goes on is put aside
// with what changes from round to round widened; the path on which it has ended
// is followed. An iterator takes as many slots of the stack as its type says;
// the first one counts the rounds.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;

enum IteratorState : uint32_t { Active = 1, Drained = 2 };

/// `num` of bpf_iter_num_next.
static StringRef iteratorOf(StringRef Function) {
  return Function.substr(StringRef("bpf_iter_").size()).rsplit('_').first;
}

/// The struct of an iterator in the kernel's types; 0 without these.
uint32_t Verifier::iteratorType(StringRef Function) const {
  std::string Name = "bpf_iter_" + iteratorOf(Function).str();
  return O.Types ? O.Types->find(btf::KindStruct, Name) : 0;
}

/// How many slots that is; those of numbers have one.
unsigned Verifier::iteratorSlots(uint32_t Type) const {
  constexpr unsigned SlotSize = 8;
  return Type
             ? unsigned((O.Types->btf().sizeOf(Type) + SlotSize - 1) / SlotSize)
             : 1;
}

/// The first slot of the iterator that \p RegNo points to.
bool Verifier::iteratorSlot(unsigned RegNo, unsigned Slots, uint32_t &FrameNo,
                            unsigned &Slot) {
  return objectSlot(RegNo, Slots, DiagCode::BadIterator, "an iterator", FrameNo,
                    Slot);
}

bool Verifier::iteratorNew(Call &C) {
  uint32_t FrameNo, Type = iteratorType(C.Name);
  unsigned Slot, Slots = iteratorSlots(Type);
  if (!read(isa::R1) || !iteratorSlot(isa::R1, Slots, FrameNo, Slot))
    return false;
  for (unsigned N = 0; N != Slots; ++N)
    if (slot(FrameNo, Slot - N).isSpecial())
      return fail(DiagCode::BadIterator,
                  "an iterator is begun where another one or a dynptr lies",
                  "destroy that one first");
  bool MayWait = O.Sleepable || O.Type == target::ProgType::Lsm ||
                 (O.Type == target::ProgType::Tracing && O.AttachType == Iter);
  if (C.Name == "bpf_iter_css_task_new" && !MayWait)
    return fail(DiagCode::HelperForType,
                "`" + C.Name + "` is for LSM, iterator and sleepable programs");
  if (C.Func) {
    if (!kernelArguments(C, 1))
      return false;
  } else {
    for (unsigned N : {isa::R2, isa::R3}) {
      if (!read(N))
        return false;
      if (!reg(N).isScalar())
        return failAbout(DiagCode::HelperArgument, reg(N),
                         "a bound of the loop must be a number");
    }
  }
  uint32_t Ref = acquire("an iterator");
  for (unsigned N = 0; N != Slots; ++N) {
    StackSlot &S = slot(FrameNo, Slot - N);
    S.Bytes.fill(Byte::Iter);
    S.Spill = Reg();
    S.Spill.Index = Active;
    S.Spill.Ref = Ref;
    S.Spill.Id = N; // which of its slots
    S.Spill.Off = int32_t(Type);
    if (C.K && C.K->is(target::kf::RcuProtected))
      S.Spill.Flags = Rcu;
    S.Spill.Node = Graph.define(Pc);
  }
  return true;
}

/// Finds the iterator that R1 points to for next() and destroy().
bool Verifier::useIterator(Call &C, uint32_t &FrameNo, unsigned &Slot) {
  uint32_t Type = iteratorType(C.Name);
  unsigned Slots = iteratorSlots(Type);
  if (!read(isa::R1) || !iteratorSlot(isa::R1, Slots, FrameNo, Slot))
    return false;
  for (unsigned N = 0; N != Slots; ++N) {
    const StackSlot &S = slot(FrameNo, Slot - N);
    if (S.Bytes[0] != Byte::Iter || S.Spill.Id != N ||
        S.Spill.Off != int32_t(Type))
      return fail(DiagCode::BadIterator,
                  "`" + C.Name +
                      "` wants an iterator that was begun on this "
                      "path",
                  "call bpf_iter_" + iteratorOf(C.Name) +
                      "_new() first, or use bpf_for() or bpf_for_each()");
    if (S.Spill.Flags & Untrusted)
      return fail(DiagCode::BadIterator,
                  "the RCU section in which the iterator was begun has ended");
    Graph.markRead(S.Spill.Node);
  }
  return true;
}

/// What next() gives as long as there is more.
Reg Verifier::iteratorElement(Call &C, const StackSlot &S) {
  Reg Element;
  Element.Value = Scalar::constant(0);
  if (C.Func) {
    const BtfFile &In = O.Types->btf();
    uint32_t To = In.strip(In.type(C.Func).Target);
    To = In.strip(In.type(In.strip(In.type(To).Target)).Target);
    if (In.type(To).K == btf::KindStruct)
      return kernelObject(To, S.Spill.Flags & Rcu ? Rcu : Trusted);
    Element.Size = uint32_t(In.sizeOf(To));
  } else {
    Element.Size = 4;
  }
  Element.K = Kind::Mem;
  Element.Flags = ReadOnly;
  Element.Ref = S.Spill.Ref;
  return Element;
}

bool Verifier::iteratorNext(Call &C) {
  uint32_t FrameNo;
  unsigned Slot;
  if (!useIterator(C, FrameNo, Slot))
    return false;
  unsigned Slots = iteratorSlots(iteratorType(C.Name));
  if (slot(FrameNo, Slot).Spill.Index != Drained) {
    State More = Cur;
    State Saved = std::move(Cur);
    Cur = std::move(More);
    if (const State *Before = previousAt(Pc))
      widen(*Before, Cur);
    StackSlot &S = slot(FrameNo, Slot);
    ++S.Spill.Size; // the round
    clearCallerSaved();
    define(isa::R0, iteratorElement(C, S));
    More = std::move(Cur);
    Cur = std::move(Saved);
    if (!push(std::move(More), Pc + 1))
      return false;
    for (unsigned N = 0; N != Slots; ++N)
      slot(FrameNo, Slot - N).Spill.Index = Drained;
  }
  clearCallerSaved();
  define(isa::R0, constantScalar(0));
  return true;
}

bool Verifier::iteratorDestroy(Call &C) {
  uint32_t FrameNo;
  unsigned Slot;
  if (!useIterator(C, FrameNo, Slot))
    return false;
  unsigned Slots = iteratorSlots(iteratorType(C.Name));
  uint32_t Ref = slot(FrameNo, Slot).Spill.Ref;
  for (unsigned N = 0; N != Slots; ++N) {
    StackSlot &S = slot(FrameNo, Slot - N);
    S = StackSlot();
    S.Spill.Node = Graph.define(Pc);
  }
  return releaseReference(Ref);
}

bool Verifier::iteratorCall(Call &C) {
  StringRef Name = C.Name;
  if (Name.ends_with("_next"))
    return iteratorNext(C);
  bool New = Name.ends_with("_new");
  if (New ? !iteratorNew(C) : !iteratorDestroy(C))
    return false;
  clearCallerSaved();
  if (New)
    defineUnknown(isa::R0);
  return true;
}

} // namespace bpfcc::verify
