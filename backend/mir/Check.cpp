// The checker. What both forms share stands here; the rules of SSA and of
// physical registers in CheckForms.cpp.

#include "backend/mir/Check.h"

#include "backend/mir/CheckForms.h"
#include "backend/mir/Shape.h"

#include "backend/isa/Encoding.h"
#include "support/Diagnostic.h"

namespace bpfcc::mir {

namespace {

/// How many operands an opcode has.
struct Arity {
  unsigned MinDefs = 0, MaxDefs = 0, MinUses = 0, MaxUses = 0, Targets = 0;
};

class ShapeChecker {
public:
  explicit ShapeChecker(const Function &F) : F(F) {}

  /// Sets \p Where to the instruction in question.
  std::string run(Place &Where) {
    if (F.Blocks.empty())
      return "there is no block";
    for (const DebugLoc &L : F.Locs)
      if (L.File >= F.Files.size())
        return "a loc names a file that does not exist";
    if (std::string Why = checkAsms(); !Why.empty())
      return Why;
    std::vector<llvm::SmallVector<BlockId, 4>> Entries(F.Blocks.size());
    for (BlockId B = 0; B < F.Blocks.size(); ++B) {
      const std::vector<Inst> &Insts = F.Blocks[B].Insts;
      for (size_t N = 0; N < Insts.size(); ++N) {
        Where = {B, N};
        if (std::string Why = checkInst(B, N); !Why.empty())
          return Why;
      }
      for (BlockId T : Insts.empty() ? llvm::ArrayRef<BlockId>()
                                     : llvm::ArrayRef(Insts.back().Targets))
        Entries[T].push_back(B);
    }
    for (BlockId B = 0; B < F.Blocks.size(); ++B) {
      Where = {B, NoInst};
      if (F.Blocks[B].Insts.empty() && (B == 0 || !Entries[B].empty()))
        return "the block is empty";
      llvm::SmallVector<BlockId, 4> Preds(F.Blocks[B].Preds);
      llvm::sort(Preds);
      if (Preds != Entries[B])
        return "preds and the targets of other blocks do not agree";
    }
    Where = {0, NoInst};
    return F.Blocks[0].Preds.empty() ? "" : "the entry block is a target";
  }

private:
  std::string checkAsms() const {
    for (const AsmBlock &A : F.Asms)
      for (const AsmBlock::Operand &O : A.Operands) {
        if (O.Sym != None && size_t(O.Sym) >= F.Symbols.size())
          return "an assembly operand names a symbol that does not exist";
        if (O.Frame != None && size_t(O.Frame) >= F.Frame.size())
          return "an assembly operand names an object that does not exist";
        if (O.Phys != None && (O.Phys < 0 || O.Phys > isa::R9))
          return "an assembly operand is in no register";
      }
    return "";
  }

  std::string checkInst(BlockId B, size_t N) const {
    const std::vector<Inst> &Insts = F.Blocks[B].Insts;
    const Inst &I = Insts[N];
    if (I.Op >= NumOpcodes)
      return "no such opcode";
    if (isTerminator(I) != (N + 1 == Insts.size()))
      return isTerminator(I) ? "a terminator inside the block"
                             : "the block does not end with a terminator";
    for (BlockId T : I.Targets)
      if (T >= F.Blocks.size())
        return "a target that does not exist";
    if (I.Loc != None && size_t(I.Loc) >= F.Locs.size())
      return "a loc that does not exist";
    if (I.Sym != None && size_t(I.Sym) >= F.Symbols.size())
      return "a symbol that does not exist";
    if (I.Frame != None && size_t(I.Frame) >= F.Frame.size())
      return "a frame object that does not exist";
    size_t Extras = I.Op == INLINE_ASM ? F.Asms.size() : F.CoreRelos.size();
    if (I.Extra != None && size_t(I.Extra) >= Extras)
      return "an extra that does not exist";
    if (isPseudo(I.Op))
      return checkPseudo(B, N, I);
    if (I.Op == GOTOX || I.Op == JAL)
      return "an opcode that only finish may use";
    return checkArity(I, arity(I));
  }

  std::string checkArity(const Inst &I, Arity A) const {
    if (I.Defs.size() < A.MinDefs || I.Defs.size() > A.MaxDefs)
      return "wrong number of results";
    if (I.Uses.size() < A.MinUses || I.Uses.size() > A.MaxUses)
      return "wrong number of operands";
    if (I.Targets.size() != A.Targets)
      return "wrong number of targets";
    return "";
  }

  static Arity arity(const Inst &I) {
    unsigned Base = I.Frame == None ? 1 : 0;
    bool IsMove = I.Op == MOV_RR || I.Op == MOV32_RR || I.Op == MOVSX8 ||
                  I.Op == MOVSX16 || I.Op == MOVSX32 || I.Op == MOVSX8_32 ||
                  I.Op == MOVSX16_32;
    switch (isa::form(isaOp(I.Op))) {
    case isa::Form::RR:
      return IsMove ? Arity{1, 1, 1, 1, 0} : Arity{1, 1, 2, 2, 0};
    case isa::Form::RI:
      return I.Op == MOV_RI || I.Op == MOV32_RI ? Arity{1, 1, 0, 0, 0}
                                                : Arity{1, 1, 1, 1, 0};
    case isa::Form::R:
    case isa::Form::CastRR:
      return {1, 1, 1, 1, 0};
    case isa::Form::Load:
      return {1, 1, Base, Base, 0};
    case isa::Form::StoreR:
      return {0, 0, Base + 1, Base + 1, 0};
    case isa::Form::StoreI:
      return {0, 0, Base, Base, 0};
    case isa::Form::Atomic: {
      unsigned Defs = isFetching(I.Op);
      unsigned Uses = Base + (isCmpXchg(I.Op) ? 2 : 1);
      return {Defs, Defs, Uses, Uses, 0};
    }
    case isa::Form::Imm64:
      return {1, 1, 0, 0, 0};
    case isa::Form::JmpRR:
      return {0, 0, 2, 2, 2};
    case isa::Form::JmpRI:
      return {0, 0, 1, 1, 2};
    case isa::Form::Jmp:
    case isa::Form::JmpL:
      return {0, 0, 0, 0, I.Op == MAY_GOTO ? 2u : 1u};
    case isa::Form::Call:
      return {0, 1, 0, 5, 0};
    case isa::Form::CallR:
      return {0, 1, 1, 6, 0};
    case isa::Form::Exit:
      return {0, 0, 0, 1, 0};
    case isa::Form::Abs:
      return {1, 1, 1, 1, 0};
    case isa::Form::Ind:
      return {1, 1, 2, 2, 0};
    }
    return {};
  }

  std::string checkPseudo(BlockId B, size_t N, const Inst &I) const {
    const Block &In = F.Blocks[B];
    unsigned Preds = static_cast<unsigned>(In.Preds.size());
    switch (I.Op) {
    case PHI:
      if (N > 0 && In.Insts[N - 1].Op != PHI)
        return "a phi after another instruction";
      return checkArity(I, {1, 1, Preds, Preds, 0});
    case COPY:
      return checkArity(I, {1, 1, 1, 1, 0});
    case PARCOPY: {
      unsigned Size = static_cast<unsigned>(I.Defs.size());
      return checkArity(I, {Size, Size, Size, Size, 0});
    }
    case ARG:
      if (B != 0 || I.Imm < 0 || I.Imm > 4)
        return "an argument that the function cannot have";
      return checkArity(I, {1, 1, 0, 0, 0});
    case FRAME_ADDR:
      if (I.Frame == None)
        return "no frame object";
      return checkArity(I, {1, 1, 0, 0, 0});
    case SYM_ADDR:
      if (I.Sym == None)
        return "no symbol";
      return checkArity(I, {1, 1, 0, 0, 0});
    case CORE_IMM:
      if (I.Extra == None)
        return "no relocation";
      return checkArity(I, {1, 1, 0, 0, 0});
    case UNREACHABLE:
      return checkArity(I, {});
    default:
      return checkAsm(I);
    }
  }

  std::string checkAsm(const Inst &I) const {
    using Operand = AsmBlock::Operand;
    if (I.Extra == None)
      return "no assembly text";
    for (const Operand &O : F.Asms[I.Extra].Operands) {
      size_t Limit = ~size_t(0);
      if (O.K == Operand::Def)
        Limit = I.Defs.size();
      else if (O.K == Operand::Use ||
               (O.K == Operand::Memory && O.Frame == None))
        Limit = I.Uses.size();
      else if (O.K == Operand::Label)
        Limit = I.Targets.size();
      if (O.Index >= Limit)
        return "an assembly operand that the instruction does not have";
      if (O.TiedTo != None && size_t(O.TiedTo) >= I.Defs.size())
        return "an assembly operand tied to no result";
    }
    return "";
  }

  const Function &F;
};

} // namespace

llvm::Error check(const Function &F, Form What, llvm::StringRef After) {
  Place Where;
  std::string Why = ShapeChecker(F).run(Where);
  if (Why.empty())
    Why = What == Form::Ssa ? checkSsa(F, Where) : checkAllocated(F, Where);
  if (Why.empty())
    return llvm::Error::success();
  SourceLoc Loc;
  std::string At;
  if (Where.Block < F.Blocks.size() && !F.Blocks.empty()) {
    At = llvm::formatv(", bb{0}", Where.Block);
    const std::vector<Inst> &Insts = F.Blocks[Where.Block].Insts;
    if (Where.Inst < Insts.size()) {
      const Inst &I = Insts[Where.Inst];
      At += llvm::formatv(", instruction {0} ({1})", Where.Inst,
                          I.Op < NumOpcodes ? name(I.Op) : "?");
      if (I.Loc >= 0 && size_t(I.Loc) < F.Locs.size() &&
          F.Locs[I.Loc].File < F.Files.size())
        Loc = {F.Files[F.Locs[I.Loc].File], F.Locs[I.Loc].Line,
               F.Locs[I.Loc].Column};
    }
  }
  return diagError(
      DiagCode::Internal, Loc,
      llvm::formatv("after {0}: `{1}`{2}: {3}", After, F.Name, At, Why).str());
}

} // namespace bpfcc::mir
