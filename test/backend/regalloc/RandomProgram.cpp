#include "RandomProgram.h"

#include "backend/mir/Cfg.h"

#include <map>
#include <random>

using namespace bpfcc;
using namespace bpfcc::mir;

namespace {

class Generator {
public:
  Generator(unsigned Seed, const ProgramShape &S) : Random(Seed), S(S) {}

  /// bb0 is the entry, bb1 the exit; logical block n is bb(2n+2), which pays
  /// for the visit, and bb(2n+3), its body.
  Function make() {
    F.Name = "f";
    F.HasResult = true;
    for (int I = 0; I < 3; ++I)
      F.Frame.push_back({8, 8, "x", false, 0});
    F.Blocks.resize(2 + 2 * S.Blocks);
    for (BlockId B = 2; B < F.Blocks.size(); ++B)
      F.Blocks[B].Frequency = float(1 + below(20)) / 4;
    targets();
    computePreds(F);
    for (BlockId B = 1; B < F.Blocks.size(); B += B == 1 ? 1 : 2)
      for (unsigned V = 0; V <= S.Variables; ++V)
        PhiOf.push_back(F.newReg());
    entry();
    for (unsigned N = 0; N < S.Blocks; ++N)
      logical(N);
    Now.assign(PhiOf.begin(), PhiOf.begin() + S.Variables + 1);
    Insts.clear();
    call();
    emit(EXIT, {}, {variable()});
    finishBlock(1);
    phis();
    return std::move(F);
  }

private:
  uint32_t below(uint32_t N) { return Random() % N; }
  Reg &variable() { return Now[1 + below(S.Variables)]; }
  BlockId anyHead() { return 2 + 2 * below(S.Blocks); }
  bool isJoin(BlockId B) const { return B == 1 || (B >= 2 && B % 2 == 0); }
  Reg phi(BlockId B, unsigned V) const {
    size_t Row = B == 1 ? 0 : B / 2;
    return PhiOf[Row * (S.Variables + 1) + V];
  }

  void targets() {
    auto End = [&](BlockId B, Opcode Op, llvm::SmallVector<BlockId, 2> To) {
      Inst I;
      I.Op = Op;
      I.Targets = To;
      F.Blocks[B].Insts = {I};
    };
    End(0, JA, {2});
    for (unsigned N = 0; N < S.Blocks; ++N) {
      BlockId Head = 2 + 2 * N;
      End(Head, JSLE_RI, {1, Head + 1});
      switch (below(6)) {
      case 0:
        End(Head + 1, JA, {anyHead()});
        break;
      case 1: {
        BlockId To = anyHead();
        End(Head + 1, JEQ_RI, {To, To});
        break;
      }
      case 2:
        End(Head + 1, INLINE_ASM, {anyHead(), anyHead()});
        break;
      default:
        End(Head + 1, JGT_RR, {anyHead(), anyHead()});
      }
    }
  }

  Inst &emit(Opcode Op, llvm::SmallVector<Reg, 1> Defs,
             llvm::SmallVector<Reg, 3> Uses, int64_t Imm = 0) {
    Inst I;
    I.Op = Op;
    I.Defs = Defs;
    I.Uses = Uses;
    I.Imm = Imm;
    Insts.push_back(std::move(I));
    return Insts.back();
  }

  void define(Opcode Op, llvm::SmallVector<Reg, 3> Uses, int64_t Imm = 0) {
    Reg D = F.newReg();
    emit(Op, {D}, Uses, Imm);
    variable() = D;
  }

  void entry() {
    Now.clear();
    for (unsigned V = 0; V <= S.Variables; ++V) {
      Reg D = F.newReg();
      if (V == 0)
        emit(MOV_RI, {D}, {}, S.Fuel);
      else if (V <= 3)
        emit(ARG, {D}, {}, V - 1);
      else
        emit(MOV_RI, {D}, {}, V * 3);
      Now.push_back(D);
    }
    finishBlock(0);
  }

  /// Puts Insts before the terminator of \p B (whose operands are made here).
  void finishBlock(BlockId B) {
    if (!F.Blocks[B].Insts.empty()) {
      Inst End = F.Blocks[B].Insts.back();
      if (End.Op == JGT_RR)
        End.Uses = {variable(), variable()};
      else if (End.Op == JEQ_RI)
        End.Uses = {variable()};
      else if (End.Op == JSLE_RI)
        End.Uses = {Now[0]};
      else if (End.Op == INLINE_ASM)
        assemblyOperands(End);
      Insts.push_back(std::move(End));
    }
    F.Blocks[B].Insts = std::move(Insts);
    Insts.clear();
    Final[B] = Now;
  }

  void logical(unsigned N) {
    BlockId Head = 2 + 2 * N;
    Now.clear();
    for (unsigned V = 0; V <= S.Variables; ++V)
      Now.push_back(phi(Head, V));
    Reg Fuel = F.newReg();
    emit(ADD_RI, {Fuel}, {Now[0]}, -1);
    Now[0] = Fuel;
    finishBlock(Head);
    for (unsigned I = 0; I < S.Length; ++I)
      instruction();
    finishBlock(Head + 1);
  }

  void call() {
    llvm::SmallVector<Reg, 3> Args;
    for (unsigned N = below(6); N > 0; --N)
      Args.push_back(variable());
    bool Result = below(3);
    Reg D = Result ? F.newReg() : NoReg;
    emit(CALL_HELPER, {}, Args, below(200));
    if (Result) {
      Insts.back().Defs = {D};
      variable() = D;
    }
  }

  void assemblyOperands(Inst &I) {
    using Operand = AsmBlock::Operand;
    AsmBlock A;
    auto Add = [&](Operand::Kind K, size_t Index) -> Operand & {
      Operand O;
      O.K = K;
      O.Index = static_cast<uint32_t>(Index);
      A.Operands.push_back(O);
      return A.Operands.back();
    };
    RegSet Fixed = 0;
    auto MaybeFix = [&](Operand &O) {
      if (below(4))
        return;
      Reg R = below(10);
      if (Fixed >> R & 1)
        return;
      Fixed |= 1u << R;
      O.Phys = static_cast<int32_t>(R);
    };
    std::vector<Reg> Results;
    for (unsigned N = below(3); N > 0; --N) {
      I.Defs.push_back(F.newReg());
      Results.push_back(I.Defs.back());
      Operand &O = Add(Operand::Def, I.Defs.size() - 1);
      O.EarlyClobber = below(2);
      MaybeFix(O);
    }
    size_t Tied = I.Defs.size() ? below(2) : 0;
    for (size_t N = 0; N < Tied; ++N) {
      I.Uses.push_back(variable());
      int32_t Phys = A.Operands[N].Phys;
      Operand &O = Add(Operand::Use, I.Uses.size() - 1);
      O.TiedTo = static_cast<int32_t>(N);
      O.Phys = Phys;
    }
    for (unsigned N = below(3); N > 0; --N) {
      I.Uses.push_back(variable());
      MaybeFix(Add(Operand::Use, I.Uses.size() - 1));
    }
    if (below(2))
      A.Clobbers = static_cast<uint16_t>(Random() & Random() & 0x3ff & ~Fixed);
    I.Extra = static_cast<int32_t>(F.Asms.size());
    F.Asms.push_back(A);
    for (Reg R : Results)
      variable() = R;
  }

  void instruction() {
    switch (below(20)) {
    case 0:
    case 1:
      return define(MOV_RI, {}, below(100));
    case 2:
      return define(LD_IMM64, {}, int64_t(Random()) << 20);
    case 3:
      define(FRAME_ADDR, {});
      Insts.back().Frame = static_cast<int32_t>(below(3));
      return;
    case 4:
      define(LDXDW, {});
      Insts.back().Frame = static_cast<int32_t>(below(3));
      return;
    case 5:
      emit(STXDW, {}, {variable()}).Frame = static_cast<int32_t>(below(3));
      return;
    case 6:
    case 7:
    case 8:
      return call();
    case 9: {
      Reg Base = F.newReg();
      emit(FRAME_ADDR, {Base}, {}).Frame = static_cast<int32_t>(below(3));
      return below(2) ? define(FETCH_ADD64, {Base, variable()})
                      : define(CMPXCHG64, {Base, variable(), variable()});
    }
    case 10:
      return below(2) ? define(LD_ABS_W, {variable()}, below(50))
                      : define(LD_IND_B, {variable(), variable()}, below(50));
    case 11: {
      Inst I;
      I.Op = INLINE_ASM;
      assemblyOperands(I);
      Insts.push_back(std::move(I));
      return;
    }
    case 12:
      return below(2) ? define(COPY, {variable()})
                      : define(MOV_RR, {variable()});
    case 13: {
      Reg A = F.newReg(), B = F.newReg();
      emit(PARCOPY, {A}, {variable(), variable()}).Defs = {A, B};
      variable() = A;
      variable() = B;
      return;
    }
    case 14:
      return define(NEG, {variable()});
    case 15:
      return define(ADD_RI, {below(8) ? variable() : Reg(isa::R10)},
                    int64_t(below(64)));
    default: {
      constexpr Opcode Ops[] = {ADD_RR, SUB_RR, XOR_RR, LSH_RR, SUB_RR};
      return define(Ops[below(5)], {variable(), variable()});
    }
    }
  }

  void phis() {
    for (BlockId B = 1; B < F.Blocks.size(); ++B) {
      if (!isJoin(B))
        continue;
      std::vector<Inst> Phis;
      for (unsigned V = 0; V <= S.Variables; ++V) {
        Inst I;
        I.Op = PHI;
        I.Defs = {phi(B, V)};
        for (BlockId P : F.Blocks[B].Preds)
          I.Uses.push_back(Final[P][V]);
        Phis.push_back(std::move(I));
      }
      std::vector<Inst> &Body = F.Blocks[B].Insts;
      Body.insert(Body.begin(), Phis.begin(), Phis.end());
    }
  }

  using RegSet = uint16_t;
  std::mt19937 Random;
  ProgramShape S;
  Function F;
  std::vector<Reg> PhiOf, Now;
  std::vector<Inst> Insts;
  std::map<BlockId, std::vector<Reg>> Final;
};

} // namespace

Function randomProgram(unsigned Seed, const ProgramShape &S) {
  return Generator(Seed, S).make();
}
