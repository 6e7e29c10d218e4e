// What must be known before code is made or run without checks: blocks, and for
// each register whether it has been written.
//
// The interpreter ends a run that reads a register before it was written.
// Compiled code keeps no record of writes; instead it must be known at each
// read. `if r1 == 0 goto +1; r2 = 1; r0 = r2` reads r2 where it may or may not
// be written: a function with such a read is left to the interpreter. No
// kernel's verifier takes such a function.

#include "runtime/interp/Flow.h"

#include "backend/isa/Encoding.h"
#include "runtime/interp/Machine.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace bpfcc {

using Block = Flow::Block;

constexpr uint16_t AllRegisters = (1 << isa::NumRegs) - 1;
constexpr uint16_t Arguments = 0x3e; // r1 to r5
constexpr uint16_t Kept = 0x3c0;     // r6 to r9
constexpr uint16_t FramePointer = 1 << isa::R10;

static bool isTailCall(const PreInst &I) {
  return I.What == Sem::CALL_HELPER && I.Imm == TailCallHelper;
}

uint32_t costOf(ArrayRef<PreInst> Code, const Block &B) {
  bool Trapped = Code[B.End - 1].Why != Trap::None;
  return B.End - B.First - Trapped;
}

uint16_t Flow::readsOf(const PreInst &I, ArrayRef<Flow> Flows) const {
  uint16_t Reads = I.Reads & AllRegisters;
  switch (I.What) {
  case Sem::CALL_HELPER:
    return uint16_t(Reads | ((1u << I.Src) - 1) << 1);
  case Sem::CALL_SUBPROG:
    return I.Why == Trap::None ? Flows[size_t(I.Imm)].Required : Reads;
  case Sem::EXIT:
    return Returns ? 1 << isa::R0 : 0;
  default:
    return Reads;
  }
}

uint16_t writtenAfter(const PreInst &I, uint16_t Before, ArrayRef<Flow> Flows) {
  switch (I.What) {
  case Sem::CALL_HELPER:
    if (isTailCall(I))
      return Before & ~CallerSaved;
    break;
  case Sem::CALL_SUBPROG:
    if (I.Why == Trap::None && !Flows[size_t(I.Imm)].Returns)
      return Before & ~CallerSaved;
    break;
  case Sem::LD_ABS:
  case Sem::LD_IND:
    break;
  default:
    return Before | (I.Writes & AllRegisters);
  }
  return uint16_t((Before & ~CallerSaved) | 1 << isa::R0);
}

/// Whether \p I is a call of some kind, behind which r0 to r5 are other values.
static bool losesCallerSaved(const PreInst &I) {
  return I.What == Sem::CALL_HELPER || I.What == Sem::CALL_SUBPROG ||
         I.What == Sem::LD_ABS || I.What == Sem::LD_IND;
}

uint16_t Flow::liveBefore(const PreInst &I, uint16_t After,
                          ArrayRef<Flow> Flows) const {
  uint16_t Killed = losesCallerSaved(I) ? CallerSaved : I.Writes;
  return uint16_t((After & ~Killed) | readsOf(I, Flows));
}

uint16_t Flow::mustAt(ArrayRef<PreInst> Code, uint32_t Inst,
                      ArrayRef<Flow> Flows) const {
  const Block *In = nullptr;
  for (const Block &B : Blocks)
    if (B.First <= Inst && Inst < B.End)
      In = &B;
  uint16_t Must = In->Must;
  for (uint32_t N = In->First; N != Inst; ++N)
    Must = writtenAfter(Code[N], Must, Flows);
  return Must;
}

namespace {

bool isJump(const PreInst &I) {
  return I.What >= Sem::JEQ && I.What <= Sem::MAY_GOTO;
}

/// Whether the next instruction starts a block.
bool endsBlock(const PreInst &I) {
  if (I.Why != Trap::None)
    return true;
  switch (I.What) {
  case Sem::CALL_HELPER:
  case Sem::CALL_SUBPROG:
  case Sem::CALL_KFUNC:
  case Sem::CALLX:
  case Sem::LD_ABS:
  case Sem::LD_IND:
  case Sem::EXIT:
    return true;
  default:
    return isJump(I);
  }
}

bool hasTarget(const PreInst &I) {
  return I.Why == Trap::None && I.What != Sem::GOTOX && isJump(I);
}

bool fallsThrough(const PreInst &I) {
  if (I.Why != Trap::None)
    return false;
  switch (I.What) {
  case Sem::JA:
  case Sem::GOTOX:
  case Sem::EXIT:
  case Sem::CALL_KFUNC:
  case Sem::CALLX:
    return false;
  default:
    return true;
  }
}

class Analysis {
public:
  Analysis(ArrayRef<PreInst> Code, ArrayRef<uint32_t> JumpTargets, Flow &F,
           ArrayRef<Flow> Flows)
      : Code(Code), JumpTargets(JumpTargets), F(F), Flows(Flows) {}

  void split() {
    F.BlockAt.assign(Code.size(), ~0u);
    auto Start = [&](uint32_t N) {
      if (N < Code.size())
        F.BlockAt[N] = 0;
    };
    Start(0);
    for (uint32_t Target : JumpTargets)
      Start(Target);
    for (uint32_t N = 0; N != Code.size(); ++N) {
      const PreInst &I = Code[N];
      if (hasTarget(I))
        Start(I.Target);
      if (endsBlock(I))
        Start(N + 1);
      F.Writes |= I.Writes & Kept;
      if (isTailCall(I))
        F.Writes = Kept;
      F.UsesFrame |= (I.Reads & FramePointer) || isTailCall(I) ||
                     I.What == Sem::CALL_SUBPROG;
      F.CountsLoops |= I.What == Sem::MAY_GOTO;
    }
    for (uint32_t N = 0; N != Code.size(); ++N)
      if (F.BlockAt[N] == 0) {
        if (!F.Blocks.empty())
          F.Blocks.back().End = N;
        F.BlockAt[N] = uint32_t(F.Blocks.size());
        F.Blocks.push_back({N, uint32_t(Code.size())});
      }
    for (uint32_t N = 0; N != Code.size(); ++N)
      targets(Code[N], [&](uint32_t To) {
        if (To <= N)
          F.Blocks[F.BlockAt[To]].IsLoop = true;
      });
    for (size_t N = 1; N < F.Blocks.size(); ++N) {
      const Block &Before = F.Blocks[N - 1];
      F.Blocks[N].IsPaid = Before.IsLoop && !F.Blocks[N].IsLoop &&
                           !endsBlock(Code[Before.End - 1]);
    }
  }

  template <class Callable> void successors(const Block &B, Callable Do) {
    const PreInst &Last = Code[B.End - 1];
    if (fallsThrough(Last))
      Do(F.Blocks[F.BlockAt[B.End]]);
    targets(Last, [&](uint32_t To) { Do(F.Blocks[F.BlockAt[To]]); });
  }

  /// Where \p I may jump to.
  template <class Callable> void targets(const PreInst &I, Callable Do) {
    if (hasTarget(I))
      Do(I.Target);
    if (I.What == Sem::GOTOX)
      llvm::for_each(JumpTargets, Do);
  }

  /// What each block does as a whole.
  void summarise() {
    for (Block &B : F.Blocks) {
      B.Uses = B.Kills = B.Loses = B.Leaves = 0;
      for (const PreInst &I : Code.slice(B.First, B.End - B.First)) {
        uint16_t Lost = losesCallerSaved(I) ? CallerSaved : 0;
        B.Uses |= F.readsOf(I, Flows) & ~B.Kills;
        B.Kills |= Lost | (I.Writes & AllRegisters);
        B.Loses |= Lost;
        B.Leaves = writtenAfter(I, B.Leaves, Flows);
      }
    }
  }

  /// Goes backwards; true if what the function requires has grown.
  bool findLive() {
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (size_t N = F.Blocks.size(); N--;) {
        Block &B = F.Blocks[N];
        uint16_t Live = 0;
        successors(B,
                   [&](Block &S) { Live |= S.Uses | (S.LiveOut & ~S.Kills); });
        Changed |= Live != B.LiveOut;
        B.LiveOut = Live;
      }
    }
    const Block &Entry = F.Blocks[0];
    uint16_t Given = (Entry.Uses | (Entry.LiveOut & ~Entry.Kills)) & Arguments;
    bool Grown = (Given & ~F.Required) != 0;
    F.Required |= Given;
    return Grown;
  }

  /// Goes forwards. Behind a call of what does not always return something, r0
  /// may be written.
  void findWritten() {
    for (Block &B : F.Blocks) {
      B.Must = 0xffff;
      B.May = 0;
      B.Reached = false;
    }
    Block &Entry = F.Blocks[0];
    Entry.Must = Entry.May = F.Required | FramePointer;
    Entry.Reached = true;
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (Block &B : F.Blocks) {
        if (!B.Reached)
          continue;
        uint16_t Must = uint16_t((B.Must & ~B.Loses) | B.Leaves);
        uint16_t May = uint16_t((B.May & ~B.Loses) | B.Leaves);
        if (Code[B.End - 1].What == Sem::CALL_SUBPROG)
          May |= 1 << isa::R0;
        successors(B, [&](Block &S) {
          uint16_t NewMust = S.Must & Must, NewMay = S.May | May;
          Changed |= !S.Reached || NewMust != S.Must || NewMay != S.May;
          S.Must = NewMust;
          S.May = NewMay;
          S.Reached = true;
        });
      }
    }
  }

  /// Whether each exit has a result.
  bool returns() const {
    return llvm::all_of(F.Blocks, [&](const Block &B) {
      return !B.Reached || Code[B.End - 1].What != Sem::EXIT ||
             (((B.Must & ~B.Loses) | B.Leaves) & 1 << isa::R0);
    });
  }

  /// Every read is decided where no block reads what only some ways wrote.
  bool isProven() {
    return llvm::none_of(F.Blocks, [](const Block &B) {
      return B.Reached && (B.May & ~B.Must & B.Uses);
    });
  }

  /// Whether the stack's address is used for loads and stores alone, and how
  /// many bytes these loads may find unwritten; all if it goes elsewhere.
  void findStack() {
    int Lowest = 0;
    for (const PreInst &I : Code) {
      if (!(I.Reads & FramePointer))
        continue;
      isa::Form Form = isa::form(I.Opcode);
      bool IsLoad = Form == isa::Form::Load;
      bool IsStore = Form == isa::Form::StoreI ||
                     (Form == isa::Form::StoreR && I.Src != isa::R10);
      F.StackEscapes |= !IsLoad && !IsStore;
      if (IsLoad)
        Lowest = std::min<int>(Lowest, I.Off);
    }
    F.StackBytes = F.StackEscapes
                       ? StackSize
                       : std::min<unsigned>(StackSize, unsigned(-Lowest));
  }

private:
  ArrayRef<PreInst> Code;
  ArrayRef<uint32_t> JumpTargets;
  Flow &F;
  ArrayRef<Flow> Flows;
};

} // namespace

std::vector<Flow> analyse(const Predecoded &Code) {
  std::vector<Flow> Flows(Code.Funcs.size());
  auto Of = [&](size_t N) {
    return Analysis(Code.Funcs[N], Code.P.Subprogs[N].JumpTargets, Flows[N],
                    Flows);
  };
  for (size_t N = 0; N != Flows.size(); ++N)
    Of(N).split();
  bool Calls = Flows.size() > 1;
  // All are thought to return something until one is found that does not.
  for (bool Found = true; Found;) {
    for (bool Grown = true; Grown;) {
      Grown = false;
      for (size_t N = 0; N != Flows.size(); ++N) {
        Of(N).summarise();
        Grown |= Of(N).findLive();
      }
      Grown &= Calls;
    }
    Found = false;
    for (size_t N = 0; N != Flows.size(); ++N) {
      Analysis A = Of(N);
      A.findWritten();
      if (Flows[N].Returns && !A.returns()) {
        Flows[N].Returns = false;
        Found = true;
      }
    }
  }
  for (size_t N = 0; N != Flows.size(); ++N) {
    Analysis A = Of(N);
    Flows[N].Proven = A.isProven();
    A.findStack();
  }
  return Flows;
}

} // namespace bpfcc
