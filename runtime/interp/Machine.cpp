#include "runtime/interp/Machine.h"

#include "runtime/helpers/Thrown.h"
#include "support/Counted.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"

#include <cstring>

using namespace llvm;

namespace bpfcc {

constexpr uint32_t ProgArrayType = 3;

Machine::Machine(Predecoded &Code, bool Verified)
    : Code(Code), Env(Code.Env),
      S(*static_cast<RunState *>(Env.Mem.workspace(Env.Worker))),
      Verified(Verified) {}

Machine::~Machine() {
  consumeError(std::move(Failure));
  for (const Frame &F : Frames)
    if (F.StackTop)
      Env.Mem.remove(F.StackTop - StackSize);
}

void Machine::begin(const RunLimits &L) {
  Limits = L;
  if (Frames.size() < Limits.MaxFrames + 1)
    Frames.resize(Limits.MaxFrames + 1);
  S.Left = Limits.MaxInsts;
  S.Top = Frames.data();
  S.Last = Frames.data() + Limits.MaxFrames;
  TailCalls = 0;
  Located = false;
  makeStacks(Code.HasCalls ? Limits.MaxFrames : 1);
}

void Machine::makeStacks(unsigned Count) {
  for (unsigned N = 1; N <= Count; ++N)
    if (!Frames[N].StackTop)
      Frames[N].StackTop =
          Env.Mem.add(StackSize, Memory::ReadWrite, "stack") + StackSize;
}

Error Machine::push(uint32_t Func) {
  if (S.Top >= S.Last)
    return diagError(DiagCode::RunError, {},
                     "more than " + std::to_string(Limits.MaxFrames) +
                         " nested calls");
  Frame &F = *++S.Top;
  F.Func = Func;
  F.Loops = MaxLoops;
  return Error::success();
}

uint64_t Machine::enterStack() {
  if (!S.Top->StackTop)
    makeStacks(unsigned(S.Top - Frames.data()));
  memset(Env.Mem.host(S.Top->StackTop - StackSize), 0, StackSize);
  return S.Top->StackTop;
}

Error Machine::helperFault(Error E, uint32_t Inst) {
  if (Located || E.isA<Thrown>())
    return E;
  Located = true;
  return faultAt(Code.P, S.Top->Func, Inst, takeMessages(std::move(E)));
}

std::string Machine::describeAccess(uint64_t Guest, unsigned Size,
                                    bool Write) const {
  std::string Text = Write ? "cannot write " : "cannot read ";
  Text += counted(Size, "byte") + " at ";
  for (const Frame *F = Frames.data() + 1; F <= S.Top; ++F) {
    int64_t FromTop = int64_t(Guest - F->StackTop);
    if (FromTop >= -8192 && FromTop < 4096)
      return Text + "r10" + (FromTop < 0 ? " - " : " + ") +
             std::to_string(std::abs(FromTop)) + " of `" +
             Code.P.Subprogs[F->Func].Name + "`, outside its " +
             std::to_string(StackSize) + " bytes of stack";
  }
  if (Packet *P = Env.Pkt) {
    uint64_t Offset = Guest - P->Guest;
    if (Offset < P->Buffer.size())
      return Text + "packet offset " +
             std::to_string(int64_t(Offset) - int64_t(P->Start)) +
             ", the packet has " + counted(P->End - P->Start, "byte");
  }
  if (Guest - Env.Ctx.Base < Env.Ctx.May.Size)
    return Text + "context offset " + std::to_string(Guest - Env.Ctx.Base) +
           (Write ? ", which is read-only"
                  : ", which this type of program may not read");
  return Text + Env.Mem.describe(Guest);
}

Expected<uint32_t> Machine::tailTarget(uint64_t R2, uint64_t R3) {
  uint32_t Number = mapNumber(Env, R2);
  if (Number == ~0u || Env.Maps[Number]->def().Type != ProgArrayType)
    return diagError(DiagCode::RunError, {},
                     "bpf_tail_call: r2 is no program array");
  Map &M = *Env.Maps[Number];
  uint32_t Index = uint32_t(R3);
  if (Index >= M.def().MaxEntries || TailCalls >= Limits.MaxTailCalls)
    return ~0u;
  ++TailCalls;
  uint8_t Key[4];
  Env.Mem.store(Key, 4, Index);
  std::vector<uint8_t> Value = M.valueForUser(Key);
  if (Value.size() < 4)
    return ~0u;
  uint32_t Target = uint32_t(Env.Mem.load(Value.data(), 4));
  if (Target == 0 || Target > Code.Funcs.size())
    return ~0u;
  return Target - 1;
}

uint32_t Machine::gotoTarget(uint64_t Entry) const {
  uint64_t Index = Entry - instAddress(S.Top->Func, 0);
  ArrayRef<uint32_t> Targets = Code.P.Subprogs[S.Top->Func].JumpTargets;
  return binary_search(Targets, Index) ? uint32_t(Index) : ~0u;
}

const uint8_t *Machine::packetAt(int64_t Offset, unsigned Size) const {
  constexpr int64_t NetworkBase = -0x100000, LinkBase = -0x200000;
  const Packet *P = Env.Pkt;
  if (!P)
    return nullptr;
  int64_t At;
  if (Offset >= 0)
    At = P->Start + Offset;
  else if (Offset >= NetworkBase)
    At = P->Start + Env.NetworkOffset + (Offset - NetworkBase);
  else if (Offset >= LinkBase)
    At = P->Start + Env.LinkOffset + (Offset - LinkBase);
  else
    return nullptr;
  if (At < 0 || At + Size > P->End)
    return nullptr;
  return P->Buffer.data() + At;
}

Expected<uint64_t> Machine::exec(uint32_t Func, ArrayRef<uint64_t> Args) {
  Frame *Until = S.Top;
  if (Error E = push(Func))
    return std::move(E);
  Registers At;
  for (size_t N = 0; N != Args.size(); ++N) {
    At.R[isa::R1 + N] = Args[N];
    At.Init |= uint16_t(1u << (isa::R1 + N));
  }
  At.R[isa::R10] = enterStack();
  if (Code.Flows.empty() || !Code.Flows[Func].isEntered(At.Init))
    return resume(At, Until);
  if (Code.P.BigEndian)
    return Verified ? fast<true, false>(At, Until)
                    : fast<true, true>(At, Until);
  return Verified ? fast<false, false>(At, Until)
                  : fast<false, true>(At, Until);
}

Expected<uint64_t> Machine::resume(Registers &At, Frame *Until) {
  if (Code.P.BigEndian)
    return exact<true>(At, Until);
  return exact<false>(At, Until);
}

} // namespace bpfcc
