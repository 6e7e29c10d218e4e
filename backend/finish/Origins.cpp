// Origins of values: which definition a register holds, through moves.
//
// needs: physical registers
// gives: a number for what each register and spill slot holds; equal numbers
//        are equal pointers but for a constant or scalar that was added
//
//   r6 = r1           r6 is argument 1
//   r0 = CALL 1       r0 is memory, from here
//   r0 += 8           the same
//   r5 = *(u8 *)(r6)  r5 is a scalar
//   r4 = *(u64 *)(r6 + 8)   the pointer in that field, wherever it is read
//
// A forward data-flow analysis in the manner of reaching definitions. Where
// ways meet with different numbers the place gets a number of its own, as a phi
// would be; no place changes more than twice.

#include "backend/finish/Origins.h"

#include "backend/isa/Encoding.h"
#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"
#include "backend/target/Helpers.h"

namespace bpfcc {

using mir::BlockId;
using mir::Inst;

namespace {

enum : uint32_t { Unset, Scalar, FramePointer, FirstArgument, FirstSymbol = 8 };

/// Memory of maps, ring buffers and dynptrs: the verifier lets an instruction
/// work on any of them.
constexpr uint32_t MemoryBit = 1u << 31;

bool isMemory(uint32_t Origin) { return Origin & MemoryBit; }

bool givesMemory(target::RetKind Kind) {
  using enum target::RetKind;
  return Kind == MapValue || Kind == MapValueOrNull ||
         Kind == RingbufMemOrNull || Kind == DynptrMemOrNull;
}

/// Rows whose result is no pointer whatever goes in.
bool givesScalar(mir::Opcode Op) {
  switch (Op) {
  case mir::MOV_RR:
  case mir::ADD_RR:
  case mir::ADD_RI:
  case mir::SUB_RR:
  case mir::SUB_RI:
  case mir::LDXW:
  case mir::LDXDW:
  case mir::CORE_IMM:
    return Op == mir::CORE_IMM;
  default:
    break;
  }
  if (mir::isPseudo(Op))
    return false;
  switch (isa::form(mir::isaOp(Op))) {
  case isa::Form::RR:
  case isa::Form::RI:
  case isa::Form::R:
    return true;
  case isa::Form::Load:
    return Op < mir::LOAD_ACQ_B;
  default:
    return mir::isPacketLoad(Op);
  }
}

} // namespace

Origins::Origins(const mir::Function &F) : F(F), Entry(F.Blocks.size()) {
  NumPlaces = isa::NumRegs;
  constexpr size_t MaxPlaces = 64;
  for (const mir::FrameObject &O : F.Frame)
    SlotOf.push_back(O.Spill && NumPlaces < MaxPlaces
                         ? static_cast<int32_t>(NumPlaces++)
                         : mir::None);
  uint32_t Count = 0;
  for (const mir::Block &B : F.Blocks) {
    FirstInst.push_back(Count);
    Count += B.Insts.size();
  }
  FirstFresh = FirstSymbol + F.Symbols.size();
  FirstPhi = FirstFresh + Count;

  State Start(NumPlaces, Scalar);
  for (unsigned R = 0; R < 5; ++R)
    Start[isa::R1 + R] = FirstArgument + R;
  Start[isa::R10] = FramePointer;
  std::vector<BlockId> Rpo = mir::reversePostorder(F);
  joinInto(0, Start);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (BlockId B : Rpo) {
      State S = before(B, F.Blocks[B].Insts.size());
      for (BlockId T : successors(F.Blocks[B]))
        Changed |= joinInto(T, S);
    }
  }
}

bool Origins::joinInto(BlockId To, const State &S) {
  State &Known = Entry[To];
  if (Known.empty()) {
    Known = S;
    return true;
  }
  bool Changed = false;
  for (size_t P = 0; P < NumPlaces; ++P) {
    if (Known[P] == S[P])
      continue;
    uint32_t Phi = static_cast<uint32_t>(FirstPhi + To * NumPlaces + P);
    if (isMemory(Known[P]) && isMemory(S[P]))
      Phi |= MemoryBit;
    Changed |= Known[P] != Phi;
    Known[P] = Phi;
  }
  return Changed;
}

Origins::State Origins::before(BlockId B, size_t Index) {
  State S = Entry[B];
  for (size_t N = 0; N < Index; ++N)
    step(S, B, N);
  return S;
}

void Origins::step(State &S, BlockId B, size_t Index) {
  const Inst &I = F.Blocks[B].Insts[Index];
  uint32_t Fresh = FirstFresh + FirstInst[B] + Index;
  int32_t Slot = I.Frame == mir::None ? mir::None : SlotOf[I.Frame];
  if (Slot != mir::None && I.Defs.empty() && !I.Uses.empty()) {
    S[Slot] = I.Uses[0] == mir::NoReg ? Fresh : S[I.Uses[0]];
    return;
  }
  uint32_t Result = ofInst(S, I, Fresh);
  if (mir::isCall(I.Op) || mir::isPacketLoad(I.Op))
    std::fill(S.begin() + isa::R0, S.begin() + isa::R5 + 1, Fresh);
  for (mir::Reg D : I.Defs)
    S[D] = I.Defs.size() == 1 ? Result : Fresh;
  if (I.Op == mir::INLINE_ASM)
    for (mir::Reg R = isa::R0; R < isa::R10; ++R)
      if (F.Asms[I.Extra].Clobbers >> R & 1)
        S[R] = Fresh;
}

uint32_t Origins::field(uint32_t Base, int16_t Off, uint32_t Fresh) {
  if (Base == Scalar || Base == FramePointer)
    return Fresh;
  return Fields.try_emplace({Base, Off}, Fresh).first->second;
}

uint32_t Origins::ofInst(const State &S, const Inst &I, uint32_t Fresh) {
  if (givesScalar(I.Op))
    return Scalar;
  switch (I.Op) {
  case mir::MOV_RR:
  case mir::ADD_RI:
  case mir::SUB_RI:
    return S[I.Uses[0]];
  case mir::ADD_RR:
    if (S[I.Uses[0]] == Scalar)
      return S[I.Uses[1]];
    return S[I.Uses[1]] == Scalar ? S[I.Uses[0]] : Fresh;
  case mir::SUB_RR:
    return S[I.Uses[1]] == Scalar ? S[I.Uses[0]] : Fresh;
  case mir::FRAME_ADDR:
    return FramePointer;
  case mir::SYM_ADDR:
    return FirstSymbol + I.Sym;
  case mir::LD_IMM64:
    return I.Sym == mir::None ? uint32_t(Scalar) : FirstSymbol + I.Sym;
  case mir::LDXW:
  case mir::LDXDW:
    if (I.Frame != mir::None)
      return I.Op == mir::LDXDW && SlotOf[I.Frame] != mir::None
                 ? S[SlotOf[I.Frame]]
                 : Fresh;
    return field(S[I.Uses[0]], I.Off, Fresh);
  case mir::CALL_HELPER:
    if (const target::HelperInfo *H = target::helperById(I.Imm)) {
      if (H->Result == target::RetKind::Int)
        return Scalar;
      if (givesMemory(H->Result))
        return Fresh | MemoryBit;
    }
    return Fresh;
  default:
    return Fresh;
  }
}

bool Origins::canJoin(const Inst &I, const State &A, const State &C) {
  if (I.Op == mir::INLINE_ASM || I.Op == mir::MAY_GOTO)
    return false;
  if (mir::isCall(I.Op))
    return I.Op == mir::CALL_SUBPROG ||
           llvm::all_of(I.Uses, [&](mir::Reg U) { return A[U] == C[U]; });
  if (mir::isPseudo(I.Op) || I.Frame != mir::None || I.Uses.empty())
    return true;
  switch (isa::form(mir::isaOp(I.Op))) {
  case isa::Form::Load:
  case isa::Form::StoreR:
  case isa::Form::StoreI:
  case isa::Form::Atomic: {
    uint32_t X = A[I.Uses[0]], Y = C[I.Uses[0]];
    return X == Y || (isMemory(X) && isMemory(Y));
  }
  default:
    return true;
  }
}

} // namespace bpfcc
