// From MIR over physical registers to encoded instructions.
//
// needs: laid-out frame, block order; the operand shapes of Mir.h
// gives: instructions, with jumps that still name blocks
//
//   r2 = frame_addr obj0 + 4     ->  r2 = r10; r2 += -12
//   r1 = ADD_RR r2, r3           ->  r1 = r2; r1 += r3
//   r1 = sym_addr hits + 8       ->  r1 = 8 ll      (fixup: address of hits)

#include "backend/finish/Lower.h"

#include "backend/finish/AsmText.h"
#include "backend/finish/BlockOrder.h"
#include "backend/finish/Branch.h"
#include "backend/isa/Encoding.h"
#include "backend/mir/Shape.h"
#include "support/Diagnostic.h"

#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using mir::BlockId;
using mir::Reg;

namespace {

class Lowering {
public:
  Lowering(const mir::Function &F, const FinishOptions &Options)
      : F(F), Options(Options), Loops(F) {
    Out.Starts.resize(F.Blocks.size());
  }

  llvm::Error run(const std::vector<BlockId> &Order) {
    for (size_t I = 0; I < Order.size(); ++I) {
      BlockId Id = Order[I];
      Next = I + 1 < Order.size() ? Order[I + 1] : ~0u;
      if (Next != ~0u && Loops.contains(Id, Next))
        Next = ~0u; // a jump to the next instruction
      Out.Starts[Id] = Out.Code.Insts.size();
      for (const mir::Inst &Inst : F.Blocks[Id].Insts)
        if (llvm::Error E = lowerInst(Inst))
          return E;
    }
    settleLines();
    return llvm::Error::success();
  }

  LinearCode take() { return std::move(Out); }

private:
  llvm::Error broken(const mir::Inst &I, const char *Why) {
    return diagError(DiagCode::Internal, loc(I),
                     llvm::formatv("`{0}`: instruction {1}: {2}", F.Name,
                                   unsigned(I.Op), Why)
                         .str());
  }

  SourceLoc loc(const mir::Inst &I) const {
    if (I.Loc == mir::None)
      return {};
    const mir::DebugLoc &L = F.Locs[I.Loc];
    return {F.Files[L.File], L.Line, L.Column};
  }

  uint32_t here() const { return Out.Code.Insts.size(); }

  void emit(mir::Opcode Op, Reg Dst, Reg Src, int64_t Off, int64_t Imm) {
    Out.Code.Insts.push_back({mir::isaOp(Op), static_cast<uint8_t>(Dst),
                              static_cast<uint8_t>(Src),
                              static_cast<int16_t>(Off), Imm});
  }

  void move(Reg Dst, Reg Src) {
    if (Dst != Src)
      emit(mir::MOV_RR, Dst, Src, 0, 0);
  }

  /// Base register and offset of a memory access.
  std::pair<Reg, int64_t> address(const mir::Inst &I) const {
    if (I.Frame != mir::None)
      return {isa::R10, I.Off + int64_t(F.Frame[I.Frame].Offset)};
    return {I.Uses[0], I.Off};
  }

  void noteLine(const mir::Inst &I) {
    if (I.Loc == mir::None || F.Locs[I.Loc].Line == 0)
      return;
    const mir::DebugLoc &L = F.Locs[I.Loc];
    std::vector<CodeLine> &Lines = Out.Code.Lines;
    if (!Lines.empty() && LastLoc == L)
      return;
    if (!Lines.empty() && Lines.back().Inst == here())
      Lines.pop_back();
    Lines.push_back({here(), F.Files[L.File], L.Line, L.Column});
    LastLoc = L;
  }

  /// What made no code at the end has no line. The kernel wants one for the
  /// first instruction of each function.
  void settleLines() {
    std::vector<CodeLine> &Lines = Out.Code.Lines;
    if (!Lines.empty() && Lines.back().Inst == here())
      Lines.pop_back();
    if (!Lines.empty())
      Lines.front().Inst = 0;
  }

  void fixup(CodeFixup::Kind K, int32_t Sym) {
    Out.Code.Fixups.push_back({K, here(), F.Symbols[Sym]});
  }

  llvm::Error lowerInst(const mir::Inst &I) {
    for (Reg R : I.Defs)
      if (!mir::isPhysical(R) || R == isa::R10)
        return broken(I, "result is no allocatable register");
    for (Reg R : I.Uses)
      if (!mir::isPhysical(R))
        return broken(I, "operand is no register");
    noteLine(I);
    if (mir::isPseudo(I.Op))
      return lowerPseudo(I);
    // The relocated instruction is the last one that the row expands to.
    llvm::Error E = lowerRow(I);
    if (!E && I.Extra != mir::None)
      Out.Code.CoreRelos.push_back({here() - 1, F.CoreRelos[I.Extra]});
    return E;
  }

  llvm::Error lowerPseudo(const mir::Inst &I) {
    switch (I.Op) {
    case mir::FRAME_ADDR: {
      int64_t Off = I.Imm + F.Frame[I.Frame].Offset;
      emit(mir::MOV_RR, I.Defs[0], isa::R10, 0, 0);
      if (Off)
        emit(mir::ADD_RI, I.Defs[0], 0, 0, Off);
      return llvm::Error::success();
    }
    case mir::SYM_ADDR:
      fixup(CodeFixup::Address, I.Sym);
      emit(mir::LD_IMM64, I.Defs[0], 0, 0, I.Imm);
      return llvm::Error::success();
    case mir::CORE_IMM: {
      const mir::CoreRelo &R = F.CoreRelos[I.Extra];
      Out.Code.CoreRelos.push_back({here(), R});
      emit(llvm::isInt<32>(R.Value) ? mir::MOV_RI : mir::LD_IMM64, I.Defs[0], 0,
           0, R.Value);
      return llvm::Error::success();
    }
    case mir::UNREACHABLE:
      // A naked function is what the user wrote and nothing more.
      if (F.Naked)
        return llvm::Error::success();
      // It goes again where assembly text before it leaves.
      emit(mir::MOV_RI, isa::R0, 0, 0, 0);
      emit(mir::EXIT, 0, 0, 0, 0);
      return llvm::Error::success();
    case mir::INLINE_ASM:
      return lowerAsm(I);
    default:
      return broken(I, "must not reach the end of the pipeline");
    }
  }

  llvm::Error lowerAsm(const mir::Inst &I) {
    llvm::Expected<isa::AsmResult> Result =
        assembleOperands(F, I, loc(I), AsmCount++, Options);
    if (!Result)
      return Result.takeError();
    uint32_t Base = here();
    for (const isa::AsmReference &R : Result->References) {
      if (std::optional<BlockId> Target = asmLabelTarget(I.Targets, R.Symbol)) {
        Out.Jumps.push_back({Base + R.Inst, *Target});
        continue;
      }
      isa::Form Form = isa::form(Result->Insts[R.Inst].Opcode);
      if (Form != isa::Form::Call && Form != isa::Form::Imm64)
        return diagError(
            DiagCode::AsmError, loc(I),
            llvm::formatv("no label `{0}` in reach", R.Symbol).str());
      Out.Code.Fixups.push_back(
          {Form == isa::Form::Call ? CodeFixup::Call : CodeFixup::Address,
           Base + R.Inst, R.Symbol});
    }
    for (isa::AsmRaw &R : Result->Raws) {
      for (isa::AsmPatch &P : R.Patches)
        Out.Numbers.push_back({uint32_t(Out.Code.Raws.size()), Base,
                               std::move(P), I.Targets, loc(I)});
      Out.Code.Raws.push_back({Base + R.Inst, R.Bytes});
    }
    Out.Code.Insts.insert(Out.Code.Insts.end(), Result->Insts.begin(),
                          Result->Insts.end());
    if (here() > Base)
      Out.Texts.push_back({Base, here()});
    if (!I.Targets.empty() && I.Targets.back() != Next)
      jump(mir::JA, {}, I.Targets.back());
    return llvm::Error::success();
  }

  /// Two-address rows: the first operand must stand in the result register.
  llvm::Error tie(const mir::Inst &I, Reg &Second) {
    Reg Def = I.Defs[0];
    if (I.Uses[0] == Def)
      return llvm::Error::success();
    if (Second == Def) {
      if (!isCommutative(I))
        return broken(I, "result overwrites the second operand");
      Second = I.Uses[0];
      return llvm::Error::success();
    }
    move(Def, I.Uses[0]);
    return llvm::Error::success();
  }

  llvm::Error lowerRow(const mir::Inst &I) {
    auto Ok = [] { return llvm::Error::success(); };
    switch (isa::form(mir::isaOp(I.Op))) {
    case isa::Form::RR:
    case isa::Form::CastRR: {
      if (I.Uses.size() == 1) {
        if (I.Op == mir::MOV_RR)
          move(I.Defs[0], I.Uses[0]);
        else
          emit(I.Op, I.Defs[0], I.Uses[0], 0, I.Imm);
        return Ok();
      }
      Reg Second = I.Uses[1];
      if (llvm::Error E = tie(I, Second))
        return E;
      emit(I.Op, I.Defs[0], Second, 0, 0);
      return Ok();
    }
    case isa::Form::RI:
    case isa::Form::R: {
      Reg NoSecond = mir::NoReg;
      if (!I.Uses.empty())
        if (llvm::Error E = tie(I, NoSecond))
          return E;
      emit(I.Op, I.Defs[0], 0, 0, I.Imm);
      return Ok();
    }
    case isa::Form::Load: {
      auto [Base, Off] = address(I);
      emit(I.Op, I.Defs[0], Base, Off, 0);
      return Ok();
    }
    case isa::Form::StoreR: {
      auto [Base, Off] = address(I);
      emit(I.Op, Base, I.Uses.back(), Off, 0);
      return Ok();
    }
    case isa::Form::StoreI: {
      auto [Base, Off] = address(I);
      emit(I.Op, Base, 0, Off, I.Imm);
      return Ok();
    }
    case isa::Form::Atomic: {
      auto [Base, Off] = address(I);
      Reg Value = I.Uses[I.Frame == mir::None ? 1 : 0];
      bool IsCmpXchg = I.Op == mir::CMPXCHG32 || I.Op == mir::CMPXCHG64;
      if (!I.Defs.empty() && I.Defs[0] != (IsCmpXchg ? isa::R0 : Value))
        return broken(I, "fetched value is in the wrong register");
      if (IsCmpXchg && I.Uses.back() != isa::R0)
        return broken(I, "expected value is not in r0");
      emit(I.Op, Base, Value, Off, 0);
      return Ok();
    }
    case isa::Form::Imm64:
      if (I.Sym != mir::None)
        fixup(CodeFixup::Address, I.Sym);
      emit(I.Op, I.Defs[0], 0, 0, I.Imm);
      return Ok();
    case isa::Form::JmpRR:
    case isa::Form::JmpRI:
    case isa::Form::Jmp:
    case isa::Form::JmpL:
      lowerJump(I);
      return Ok();
    case isa::Form::Call:
      if (I.Op != mir::CALL_HELPER && I.Sym != mir::None) {
        fixup(CodeFixup::Call, I.Sym);
        emit(I.Op, 0, 0, 0, 0);
      } else
        emit(I.Op, 0, 0, 0, I.Imm);
      return Ok();
    case isa::Form::CallR:
      emit(I.Op, I.Uses.back(), 0, 0, 0);
      return Ok();
    case isa::Form::Exit:
      emit(mir::EXIT, 0, 0, 0, 0);
      return Ok();
    case isa::Form::Abs:
      emit(I.Op, 0, 0, 0, I.Imm);
      return Ok();
    case isa::Form::Ind:
      emit(I.Op, 0, I.Uses[1], 0, I.Imm);
      return Ok();
    }
    return broken(I, "unknown form");
  }

  void jump(mir::Opcode Op, const mir::Inst &I, BlockId To) {
    Out.Jumps.push_back({here(), To});
    emit(Op, I.Uses.empty() ? 0 : I.Uses[0], I.Uses.size() > 1 ? I.Uses[1] : 0,
         0, Op == mir::JA ? 0 : I.Imm);
  }

  void lowerJump(const mir::Inst &I) {
    if (I.Targets.size() == 1) {
      plainJump(I.Targets[0]);
      return;
    }
    BlockId Taken = I.Targets[0], Else = I.Targets[1];
    // Where neither follows, the more frequent one is reached by one jump.
    bool Rarer =
        Else != Next && F.Blocks[Taken].Frequency < F.Blocks[Else].Frequency;
    if (Taken == Next || Rarer)
      if (auto Inverse = invertJump(I.Op, Options.Cpu)) {
        mir::Inst Other = I;
        if (Inverse->Swapped)
          std::swap(Other.Uses[0], Other.Uses[1]);
        jump(Inverse->Op, Other, Else);
        plainJump(Taken);
        return;
      }
    jump(I.Op, I, Taken);
    plainJump(Else);
  }

  void plainJump(BlockId To) {
    if (To == Next)
      return;
    const std::vector<mir::Inst> &Insts = F.Blocks[To].Insts;
    if (Insts.size() == 1 && Insts[0].Op == mir::EXIT)
      emit(mir::EXIT, 0, 0, 0, 0);
    else
      jump(mir::JA, {}, To);
  }

  const mir::Function &F;
  const FinishOptions &Options;
  LoopJumps Loops;
  LinearCode Out;
  BlockId Next = ~0u;
  mir::DebugLoc LastLoc;
  unsigned AsmCount = 0;
};

} // namespace

llvm::Expected<LinearCode> lower(const mir::Function &F,
                                 const std::vector<BlockId> &Order,
                                 const FinishOptions &Options) {
  Lowering L(F, Options);
  if (llvm::Error E = L.run(Order))
    return std::move(E);
  return L.take();
}

} // namespace bpfcc
