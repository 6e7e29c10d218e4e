// What the templates of all machines share: the walk over a unit's functions.
//
// Needs a Unit; gives code through a Target, which writes the instructions for
// one BPF instruction at a time, with a fixed register for each BPF register.
//
//     block:    Left -= 3, or hand over        r0 = *(u32 *)(r1 + 4)
//     [check]   r1 < GuestEnd, or hand over    r0 += 1
//     [check]   Rights[r1 + 4] & 4, or ...     exit
//     load, add, return
//
// Each "or hand over" is a jump to a few instructions behind the function's
// code that put back what the block was charged for and did not do, and say
// where the interpreter has to go on. The first check is left out where the
// same register passed it before in the block; both are where the access lies
// in the function's own stack.
#ifndef BPFCC_RUNTIME_JIT_TRANSLATOR_H
#define BPFCC_RUNTIME_JIT_TRANSLATOR_H

#include "runtime/jit/Code.h"
#include "runtime/jit/Fuse.h"

#include "backend/isa/Encoding.h"

namespace bpfcc::jit {

/// The second operand of a computation or branch.
struct Operand {
  bool IsReg;
  uint8_t Reg;
  int64_t Imm;
};

/// A load or store.
struct Access {
  uint8_t Base; ///< a BPF register
  int16_t Off;
  unsigned Size;
  bool Write;
  bool CheckBase;   ///< that Base is below State::GuestEnd
  bool CheckRights; ///< what the rights byte at Base + Off says
};

template <class Target> class Translator {
public:
  explicit Translator(const Unit &U) : U(U) {}

  Layout run() {
    Layout L;
    size_t Count = U.Code.Funcs.size();
    L.Enter = target().prologue();
    L.Funcs.resize(Count);
    L.Bodies.resize(Count);
    for (Func = 0; Func != Count; ++Func)
      if (U.isTranslated(Func))
        function(L);
    target().resolveCalls(L);
    L.Size = target().size();
    L.Sites = std::move(Sites);
    return L;
  }

protected:
  /// A jump out of line that waits for its stub.
  struct Slow {
    size_t From;
    uint32_t Inst;
    uint32_t Refund;
  };
  /// A jump to an instruction that may not have been placed yet.
  struct Pending {
    size_t From;
    uint32_t To;
  };

  /// The way into a block that is paid for where it is entered by falling
  /// through.
  struct Entry {
    uint32_t First;
    uint32_t Cost;
    size_t Body;
  };

  const Unit &U;
  uint32_t Func = 0;
  uint32_t Inst = 0;          ///< under translation
  uint32_t Refund = 0;        ///< instructions of the block from Inst on
  std::vector<size_t> Places; ///< of the instructions that start blocks
  std::vector<Slow> Slows;
  std::vector<Pending> Jumps;
  std::vector<Entry> Entries;
  std::vector<CallSite> Sites;

private:
  Target &target() { return static_cast<Target &>(*this); }

  void function(Layout &L) {
    const std::vector<PreInst> &Code = U.Code.Funcs[Func];
    const Flow &F = U.Flows[Func];
    Slows.clear();
    Jumps.clear();
    Entries.clear();
    Places.assign(Code.size(), 0);
    L.Funcs[Func] = target().size();
    L.Bodies[Func] = target().enterFunction(F.StackBytes);
    for (const Block &B : F.Blocks) {
      if (!B.Reached)
        continue;
      if (B.IsLoop)
        target().alignLoop();
      Places[B.First] = target().size();
      findLive(Code, B);
      Must = B.Must;
      May = B.May;
      Based = 1 << isa::R10;
      forget(0xffff);
      Inst = B.First;
      Refund = costOf(Code, B);
      const Block *Next = &B == &F.Blocks.back() ? nullptr : &B + 1;
      if (B.IsPaid) {
        Entries.push_back({B.First, Refund, target().size()});
        Places[B.First] = 0;
      } else {
        if (Next && Next->IsPaid)
          Refund += costOf(Code, *Next);
        if (Refund)
          target().charge(Refund);
      }
      for (; Inst != B.End; ++Inst) {
        if (unsigned Count = together(Code, B)) {
          Inst += Count - 1;
          Refund -= Count;
          continue;
        }
        instruction(Code[Inst]);
        Must = writtenAfter(Code[Inst], Must, U.Flows);
        May = writtenAfter(Code[Inst], May, U.Flows);
        --Refund;
      }
    }
    for (const Entry &E : Entries) {
      Places[E.First] = target().size();
      Inst = E.First;
      Refund = E.Cost;
      target().charge(E.Cost);
      target().jumpTo(E.Body);
    }
    target().stubs();
  }

  void findLive(llvm::ArrayRef<PreInst> Code, const Block &B) {
    LiveAfter.resize(B.End - B.First);
    uint16_t Live = B.LiveOut;
    for (uint32_t N = B.End; N-- != B.First;) {
      LiveAfter[N - B.First] = Live;
      Live = U.Flows[Func].liveBefore(Code[N], Live, U.Flows);
    }
  }

  /// Translates several instructions from Inst on as one; how many.
  unsigned together(llvm::ArrayRef<PreInst> Code, const Block &B) {
    llvm::ArrayRef<PreInst> Rest = Code.slice(Inst, B.End - Inst);
    Fused F = fuse(Rest, llvm::ArrayRef(LiveAfter).drop_front(Inst - B.First));
    uint16_t After = Must, MayAfter = May, Changed = 0;
    for (const PreInst &I : Rest.take_front(F.Count)) {
      if (U.Flows[Func].readsOf(I, U.Flows) & ~After)
        return 0;
      After = writtenAfter(I, After, U.Flows);
      MayAfter = writtenAfter(I, MayAfter, U.Flows);
      Changed |= I.Writes;
    }
    if (F.What == Fused::Sum)
      target().sum(F);
    else if (F.What == Fused::Rotate)
      target().rotate(F);
    Must = After;
    May = MayAfter;
    Based &= uint16_t(~Changed);
    bool OnStack = F.What == Fused::Sum && !F.HasBase && F.Index == isa::R10;
    forget(Changed);
    if (OnStack && F.Disp > -int(StackSize) && F.Disp <= 0)
      Known[F.Dst].StackOff = F.Disp;
    return F.Count;
  }

  Access access(uint8_t Base, const PreInst &I, unsigned Size, bool Write) {
    bool OwnStack =
        Base == isa::R10 && I.Off >= -int(StackSize) && I.Off + int(Size) <= 0;
    bool IsBased = Based >> Base & 1;
    bool Check = !U.Verified && !OwnStack;
    if (Check)
      Based |= uint16_t(1u << Base);
    return {Base, I.Off, Size, Write, Check && !IsBased, Check};
  }

  void instruction(const PreInst &I) {
    uint16_t Reads = U.Flows[Func].readsOf(I, U.Flows);
    bool IsHelper = I.What == Sem::CALL_HELPER && I.Imm != TailCallHelper;
    if (I.Why != Trap::None || (!IsHelper && (Reads & ~Must)))
      return target().handOver();
    const isa::OpInfo &Info = isa::info(I.Opcode);
    bool Wide = isa::is64(Info.Opcode);
    unsigned Size = isa::accessBytes(Info.Opcode);
    bool FromReg = Info.F == isa::Form::RR || Info.F == isa::Form::JmpRR ||
                   Info.F == isa::Form::StoreR;
    Operand B{FromReg, I.Src, I.Imm};
    Sem S = I.What;
    switch (S) {
    case Sem::MOVSX:
      target().extend(Wide, I.Dst, I.Src, unsigned(Info.KeyValue));
      break;
    case Sem::LE:
    case Sem::BE:
    case Sem::BSWAP:
      target().swap(I.Dst, unsigned(Info.KeyValue),
                    S == Sem::BSWAP || (S == Sem::BE) != U.BigEndian);
      break;
    case Sem::LOAD:
    case Sem::LOADSX:
    case Sem::LOAD_ACQ:
      target().load(I.Dst, access(I.Src, I, Size, false), S == Sem::LOADSX,
                    S == Sem::LOAD_ACQ);
      break;
    case Sem::STORE:
    case Sem::STORE_REL:
      target().store(access(I.Dst, I, Size, true), B, S == Sem::STORE_REL);
      break;
    case Sem::ATOMIC_ADD:
    case Sem::ATOMIC_OR:
    case Sem::ATOMIC_AND:
    case Sem::ATOMIC_XOR:
    case Sem::FETCH_ADD:
    case Sem::FETCH_OR:
    case Sem::FETCH_AND:
    case Sem::FETCH_XOR:
    case Sem::XCHG:
    case Sem::CMPXCHG:
      if (U.BigEndian)
        return target().handOver();
      target().atomic(S, access(I.Dst, I, Size, true), I.Src);
      break;
    case Sem::LD_IMM64:
    case Sem::LD_MAP_FD:
    case Sem::LD_MAP_VALUE:
    case Sem::LD_FUNC:
    case Sem::LD_MAP_IDX:
    case Sem::LD_MAP_IDX_VALUE:
      target().compute(Sem::MOV, true, I.Dst, Operand{false, 0, I.Imm});
      break;
    case Sem::CAST:
      target().cast(I.Dst, I.Src, uint64_t(I.Imm));
      break;
    case Sem::LD_ABS:
      return target().packetLoad(Operand{false, 0, I.Imm}, I.Imm, Size);
    case Sem::LD_IND:
      return target().packetLoad(Operand{true, I.Src, 0}, I.Imm, Size);
    case Sem::JEQ:
    case Sem::JNE:
    case Sem::JGT:
    case Sem::JGE:
    case Sem::JLT:
    case Sem::JLE:
    case Sem::JSET:
    case Sem::JSGT:
    case Sem::JSGE:
    case Sem::JSLT:
    case Sem::JSLE:
      return target().branch(S, Wide, I.Dst, B, I.Target);
    case Sem::JA:
      return target().jump(I.Target);
    case Sem::MAY_GOTO:
      return target().mayGoto(I.Target);
    case Sem::CALL_HELPER:
      if (I.Imm == TailCallHelper)
        return target().tailCall();
      if constexpr (Target::InlinesLookups)
        if (lookup(I))
          return;
      return target().helper(uint32_t(I.Imm), May);
    case Sem::CALL_SUBPROG:
      if (!U.isTranslated(uint32_t(I.Imm)))
        return target().handOver();
      return target().call(uint32_t(I.Imm), Must);
    case Sem::EXIT:
      return target().leaveFunction();
    case Sem::LD_BTF_ID:
    case Sem::GOTOX:
    case Sem::CALL_KFUNC:
    case Sem::CALLX:
      return target().handOver();
    default:
      target().compute(S, Wide, I.Dst, B);
      break;
    }
    // A copy of a checked pointer needs no check.
    bool Copies = S == Sem::MOV && Wide && FromReg && (Based >> I.Src & 1);
    Based &= uint16_t(~I.Writes);
    Value Copied = S == Sem::MOV && Wide && FromReg ? Known[I.Src] : Value();
    if (S == Sem::MOV && Wide && FromReg && I.Src == isa::R10)
      Copied.StackOff = 0;
    if (S == Sem::LD_MAP_FD || S == Sem::LD_MAP_IDX)
      Copied.Map = uint32_t((uint64_t(I.Imm) - MapBase) / 4096);
    forget(I.Writes);
    if (I.Writes)
      Known[I.Dst] = Copied;
    if (Copies)
      Based |= uint16_t(1u << I.Dst);
  }

  std::vector<uint16_t> LiveAfter; ///< of the block's instructions
  /// What the block has shown of a register's value.
  struct Value {
    int StackOff = 1;   ///< distance from r10; above 0: unknown
    uint32_t Map = ~0u; ///< number of the map that it stands for
  };

  void forget(uint16_t Registers) {
    for (unsigned N = 0; N != isa::NumRegs; ++N)
      if (Registers >> N & 1)
        Known[N] = Value();
  }

  /// A lookup in an array that is known here needs no call.
  bool lookup(const PreInst &I) {
    constexpr int64_t LookupHelper = 1;
    uint32_t Number = Known[isa::R1].Map;
    if (I.Imm != LookupHelper || Number == ~0u || !U.InPlace || U.BigEndian ||
        !(Must >> isa::R2 & 1))
      return false;
    KnownArray Array = knownArray(*U.Code.Env.Maps[Number]);
    if (!Array.Addresses)
      return false;
    PreInst Key;
    target().lookup(Array, access(isa::R2, Key, 4, false), May);
    return true;
  }

  Value Known[isa::NumRegs];
  uint16_t Must = 0, May = 0;
  uint16_t Based = 0; ///< registers that are known to be below GuestEnd
};

} // namespace bpfcc::jit

#endif
