#include "runtime/interp/Predecode.h"

#include "backend/isa/Encoding.h"
#include "backend/target/Helpers.h"
#include "backend/target/MapTypes.h"
#include "runtime/maps/Arena.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace bpfcc {

/// Which registers \p I needs, and which it leaves written.
static void registersOf(const isa::Inst &I, PreInst &Out) {
  auto Bit = [](unsigned R) { return uint16_t(1u << R); };
  uint16_t Dst = Bit(I.Dst), Src = Bit(I.Src);
  Sem S = isa::meaning(I.Opcode).What;
  switch (isa::form(I.Opcode)) {
  case isa::Form::RR:
  case isa::Form::CastRR:
    Out.Reads = Src;
    if (S != Sem::MOV && S != Sem::MOVSX && S != Sem::CAST)
      Out.Reads |= Dst;
    Out.Writes = Dst;
    break;
  case isa::Form::RI:
    Out.Reads = S == Sem::MOV ? 0 : Dst;
    Out.Writes = Dst;
    break;
  case isa::Form::R:
    Out.Reads = Out.Writes = Dst;
    break;
  case isa::Form::Load:
    Out.Reads = Src;
    Out.Writes = Dst;
    break;
  case isa::Form::StoreR:
    Out.Reads = Dst | Src;
    break;
  case isa::Form::StoreI:
    Out.Reads = Dst;
    break;
  case isa::Form::Atomic:
    Out.Reads = Dst | Src;
    if (S == Sem::CMPXCHG) {
      Out.Reads |= Bit(isa::R0);
      Out.Writes = Bit(isa::R0);
    } else if (S >= Sem::FETCH_ADD && S <= Sem::XCHG) {
      Out.Writes = Src;
    }
    break;
  case isa::Form::Imm64:
    Out.Writes = Dst;
    break;
  case isa::Form::JmpRR:
    Out.Reads = Dst | Src;
    break;
  case isa::Form::JmpRI:
  case isa::Form::CallR:
    Out.Reads = Dst;
    break;
  case isa::Form::Abs:
    Out.Reads = Bit(isa::R6);
    break;
  case isa::Form::Ind:
    Out.Reads = Bit(isa::R6) | Src;
    break;
  case isa::Form::Call:
    if (S == Sem::CALL_HELPER && I.Imm == TailCallHelper)
      Out.Reads = Bit(isa::R1) | Bit(isa::R2) | Bit(isa::R3);
    break;
  case isa::Form::Jmp:
  case isa::Form::JmpL:
  case isa::Form::Exit:
    break;
  }
}

namespace {
class Decoder {
public:
  Decoder(Predecoded &Code, const Subprog &S) : Code(Code), S(S) {
    IndexOfSlot.assign(S.Slots.empty() ? 0 : S.Slots.back() + 1, NoIndex);
    for (uint32_t N = 0; N != S.Slots.size(); ++N)
      IndexOfSlot[S.Slots[N]] = N;
  }

  std::vector<PreInst> run() {
    std::vector<PreInst> Out;
    Out.reserve(S.Insts.size() + 1);
    for (uint32_t N = 0; N != S.Insts.size(); ++N)
      Out.push_back(one(N));
    PreInst End;
    trap(End, Trap::EndOfCode);
    Out.push_back(End);
    return Out;
  }

private:
  static void trap(PreInst &I, Trap Why) {
    I.Why = Why;
    I.Reads |= TrapBit;
  }

  PreInst one(uint32_t N) {
    const isa::Inst &I = S.Insts[N];
    PreInst Out;
    Out.Opcode = I.Opcode;
    Out.What = isa::meaning(I.Opcode).What;
    Out.Dst = I.Dst;
    Out.Src = I.Src;
    Out.Off = I.Off;
    Out.Imm = I.Imm;
    registersOf(I, Out);
    if (Out.Writes & (1u << isa::R10))
      trap(Out, Trap::WritesFramePointer);
    if (isa::isJump(I.Opcode))
      jump(N, Out);
    resolve(Out);
    return Out;
  }

  void jump(uint32_t N, PreInst &Out) {
    const isa::Inst &I = S.Insts[N];
    if (isa::form(I.Opcode) == isa::Form::CallR)
      return; // gotox: has no target here
    int64_t Distance = isa::form(I.Opcode) == isa::Form::JmpL ? I.Imm : I.Off;
    uint64_t Slot = S.Slots[N] + isa::slots(I.Opcode) + uint64_t(Distance);
    if (Slot >= IndexOfSlot.size() || IndexOfSlot[Slot] == NoIndex)
      trap(Out, Trap::BadJump);
    else
      Out.Target = IndexOfSlot[Slot];
  }

  /// Makes \p Out a call of the helper of the host that \p IsMeant; false if
  /// there is none.
  bool callHost(PreInst &Out, function_ref<bool(const HostHelper &)> IsMeant) {
    const std::vector<HostHelper> &Helpers = Code.Env.HostHelpers;
    auto H = find_if(Helpers, IsMeant);
    if (H == Helpers.end())
      return false;
    Out.Opcode = isa::Op::CALL_HELPER;
    Out.What = Sem::CALL_HELPER;
    Out.Imm = FirstHostHelper + (H - Helpers.begin());
    Out.Src = uint8_t(H->NumArgs);
    Out.Reads = 0;
    return true;
  }

  void helper(PreInst &Out) {
    uint64_t Id = uint64_t(Out.Imm);
    if (callHost(Out, [&](const HostHelper &H) { return H.Number == Id; }))
      return;
    if (Id >= target::FirstKfunc)
      return trap(Out, Trap::BadOperand);
    if (const target::HelperInfo *H = target::helperById(unsigned(Id)))
      Out.Src = uint8_t(H->numArgs());
  }

  /// A kernel function that user space has is a helper.
  void kfunc(PreInst &Out) {
    uint64_t Number = uint64_t(Out.Imm);
    if (Number >= Code.P.Externs.size())
      return;
    StringRef Name = Code.P.Externs[Number];
    if (callHost(Out, [&](const HostHelper &H) { return H.Name == Name; }))
      return;
    const target::HelperInfo *K = target::kfuncByName(Name);
    if (!K)
      return;
    Out.Opcode = isa::Op::CALL_HELPER;
    Out.What = Sem::CALL_HELPER;
    Out.Imm = K->Id;
    Out.Src = uint8_t(K->numArgs());
  }

  void resolve(PreInst &Out) {
    uint32_t Low = uint32_t(Out.Imm);
    bool Good = true;
    switch (Out.What) {
    case Sem::LD_MAP_FD:
    case Sem::LD_MAP_IDX:
      Good = Low < Code.Env.Maps.size();
      Out.Imm = int64_t(mapAddress(Low));
      break;
    case Sem::LD_MAP_VALUE:
    case Sem::LD_MAP_IDX_VALUE:
      Good = Low < Code.Env.Maps.size();
      if (Good) {
        std::vector<uint8_t> Key(Code.Env.Maps[Low]->def().KeySize);
        uint64_t Value = Code.Env.Maps[Low]->lookup(Key.data(), Code.Env.Cpu);
        Good = Value != 0;
        Out.Imm = int64_t(Value + (uint64_t(Out.Imm) >> 32));
      }
      break;
    case Sem::LD_FUNC:
      Good = Low < Code.P.Subprogs.size();
      Out.Imm = int64_t(functionAddress(Low));
      break;
    case Sem::CALL_HELPER:
      helper(Out);
      break;
    case Sem::CALL_KFUNC:
      kfunc(Out);
      break;
    case Sem::CALL_SUBPROG:
      Good = Low < Code.P.Subprogs.size();
      break;
    case Sem::CAST: {
      uint32_t N = arenaNumber(Code.Env);
      if (N == ~0u)
        return trap(Out, Trap::NoArena);
      Out.Imm = int64_t(static_cast<Arena &>(*Code.Env.Maps[N]).base());
      break;
    }
    default:
      break;
    }
    if (!Good)
      trap(Out, Trap::BadOperand);
  }

  Predecoded &Code;
  const Subprog &S;
  static constexpr uint32_t NoIndex = ~0u;
  std::vector<uint32_t> IndexOfSlot;
};
} // namespace

uint32_t arenaNumber(const Environment &Env) {
  auto It = find_if(Env.Maps, [](const std::unique_ptr<Map> &M) {
    return target::MapType(M->def().Type) == target::MapType::Arena;
  });
  return It == Env.Maps.end() ? ~0u : uint32_t(It - Env.Maps.begin());
}

void predecode(Predecoded &Code) {
  for (const Subprog &S : Code.P.Subprogs)
    Code.Funcs.push_back(Decoder(Code, S).run());
  for (const std::vector<PreInst> &Func : Code.Funcs)
    for (const PreInst &I : Func)
      Code.HasCalls |= I.What == Sem::CALL_SUBPROG || I.What == Sem::LD_FUNC;
}

} // namespace bpfcc
