// Inline assembly: from LLVM's constraint string to the operands of AsmBlock.
//
//   asm "$0 += $1", "=r,ri,0,~{r3}"(5, %x)
//   -> INLINE_ASM Defs {d} Uses {x}; $0 = def 0, $1 = 5, $2 = use 0 tied to
//      def 0; r3 is lost

#include "backend/select/Selector.h"

#include "llvm/IR/Constants.h"

namespace bpfcc {

using namespace llvm;

using Operand = mir::AsmBlock::Operand;

/// The number in `{r3}` or `{w3}`.
static std::optional<unsigned> fixedRegister(StringRef Code) {
  unsigned N;
  if (!Code.consume_front("{") || !Code.consume_back("}") ||
      (!Code.consume_front("r") && !Code.consume_front("w")) ||
      Code.getAsInteger(10, N) || N >= isa::NumRegs)
    return std::nullopt;
  return N;
}

namespace {
/// What a constraint allows, its codes taken together.
struct Allowed {
  bool Register = false, Word = false, Immediate = false, Memory = false;
  std::optional<unsigned> Fixed, Tied;
};
} // namespace

static std::optional<Allowed> parseCodes(ArrayRef<std::string> Codes) {
  Allowed A;
  for (StringRef Code : Codes) {
    unsigned Number;
    if (Code == "r" || Code == "p")
      A.Register = true;
    else if (Code == "w")
      A.Register = A.Word = true;
    else if (Code == "i" || Code == "n" || Code == "s")
      A.Immediate = true;
    else if (Code == "m" || Code == "o")
      A.Memory = true;
    else if (Code == "g" || Code == "X")
      A.Register = A.Immediate = true;
    else if (!Code.getAsInteger(10, Number))
      A.Tied = Number;
    else if (std::optional<unsigned> R = fixedRegister(Code)) {
      A.Register = true;
      A.Fixed = R;
      A.Word = Code.starts_with("{w");
    } else
      return std::nullopt;
  }
  return A;
}

void Selector::selectAsm(const CallBase &Call) {
  const auto &Asm = *cast<InlineAsm>(Call.getCalledOperand());
  mir::AsmBlock Block;
  Block.Text = Asm.getAsmString();
  SmallVector<Reg, 2> Defs, Results;
  // Outputs in memory that may be registers ("=g"): stored after the text.
  SmallVector<std::pair<unsigned, Reg>, 2> Stored;
  SmallVector<Reg, 3> Uses;
  SmallVector<int32_t, 4> DefOfOperand; // by operand number
  SmallVector<BlockId, 2> Targets;
  unsigned NextArgument = 0, NextLabel = 0;
  auto Refuse = [&](const Twine &Why) {
    fail(diagError(DiagCode::AsmError, here(), Why.str()));
  };
  if (const auto *Branch = dyn_cast<CallBrInst>(&Call)) {
    const BasicBlock &From = *Branch->getParent();
    for (unsigned I = 0; I < Branch->getNumIndirectDests(); ++I)
      Targets.push_back(edge(From, *Branch->getIndirectDest(I)));
    Targets.push_back(edge(From, *Branch->getDefaultDest()));
    // Each target of a jump is another block.
    for (unsigned I = 1; I < Targets.size(); ++I)
      if (is_contained(ArrayRef(Targets).take_front(I), Targets[I])) {
        BlockId Resume = Current, To = Targets[I];
        BlockId Extra = newBlock(Frequencies[BlockOf[&From]] / 2);
        IrBlock[Extra] = IrBlock[Resume];
        Out.Blocks[Extra].Insts.emplace_back();
        Out.Blocks[Extra].Insts.back().Op = mir::JA;
        Out.Blocks[Extra].Insts.back().Targets = {To};
        Targets[I] = Extra;
      }
  }
  for (const InlineAsm::ConstraintInfo &C : Asm.ParseConstraints()) {
    if (C.Type == InlineAsm::isClobber) {
      for (StringRef Code : C.Codes)
        if (std::optional<unsigned> R = fixedRegister(Code))
          Block.Clobbers |= 1u << *R;
        else if (Code != "{memory}" && Code != "{cc}")
          return Refuse("clobber `" + Code + "` is no register");
      continue;
    }
    Operand O;
    O.EarlyClobber = C.isEarlyClobber;
    DefOfOperand.push_back(mir::None);
    if (C.Type == InlineAsm::isLabel) {
      O.K = Operand::Label;
      O.Index = NextLabel++;
      Block.Operands.push_back(O);
      continue;
    }
    std::optional<Allowed> A = parseCodes(C.Codes);
    if (!A)
      return Refuse("a constraint that BPF does not have");
    O.Word = A->Word;
    if (A->Fixed)
      O.Phys = *A->Fixed;
    bool InRegister = A->Register && !llvm::isa<CallBrInst>(Call);
    if (C.Type == InlineAsm::isOutput && (!C.isIndirect || InRegister)) {
      if (!A->Register || (A->Fixed && *A->Fixed == isa::R10))
        return Refuse("an output must be a register");
      O.K = Operand::Def;
      O.Index = Defs.size();
      DefOfOperand.back() = Defs.size();
      Defs.push_back(Out.newReg());
      if (C.isIndirect)
        Stored.push_back({NextArgument++, Defs.back()});
      else
        Results.push_back(Defs.back());
      Block.Operands.push_back(O);
      continue;
    }
    const Value *V = Call.getArgOperand(NextArgument++);
    if (C.isIndirect) {
      Address Where = accessAddress(V);
      O.K = Operand::Memory;
      O.Value = Where.Off;
      O.Frame = Where.Frame;
      if (Where.Frame == mir::None) {
        O.Index = Uses.size();
        Uses.push_back(Where.Base);
      }
      Block.Operands.push_back(O);
      continue;
    }
    if (A->Immediate)
      if (const auto *E = dyn_cast<ConstantExpr>(V);
          E && (E->getOpcode() == Instruction::IntToPtr ||
                E->getOpcode() == Instruction::PtrToInt))
        V = E->getOperand(0);
    std::optional<APInt> Bits = constantBits(V);
    if (A->Immediate && Bits) {
      O.K = Operand::Imm;
      O.Value = Bits->getSExtValue();
      if (Bits->getBitWidth() == 1)
        O.Value = Bits->getZExtValue();
      Block.Operands.push_back(O);
      continue;
    }
    if (A->Immediate && !A->Register) {
      APInt Off(64, 0);
      const auto *G =
          V->getType()->isPointerTy()
              ? dyn_cast<GlobalValue>(
                    V->stripAndAccumulateConstantOffsets(DL, Off, true))
              : nullptr;
      if (!G)
        return Refuse("the operand for constraint `i` is not a constant");
      O.K = Operand::Symbol;
      O.Sym = symbol(*G);
      O.Value = Off.getSExtValue();
      Block.Operands.push_back(O);
      continue;
    }
    if (A->Tied) {
      if (*A->Tied >= DefOfOperand.size() ||
          DefOfOperand[*A->Tied] == mir::None)
        return Refuse("an input is tied to what is not an output");
      O.TiedTo = DefOfOperand[*A->Tied];
      O.Word = Block.Operands[*A->Tied].Word;
      O.Phys = Block.Operands[*A->Tied].Phys;
    } else if (!A->Register)
      return Refuse("a constraint that BPF does not have");
    if (!V->getType()->isIntegerTy() && !V->getType()->isPointerTy())
      return Refuse("an operand that does not fit a register");
    O.K = Operand::Use;
    O.Index = Uses.size();
    // Text that reads all of the register must find the value in it. But who
    // writes (short)x wants the register of x, as the kernel's bpf_cmp_likely
    // does: what the text compares is then known of x itself.
    bool Whole = !O.Word && !Block.Text.empty() &&
                 !(llvm::isa<TruncInst>(V) && widthOf(V) < 32);
    Uses.push_back(Whole && !Uppers.isSignExtended(V, 64) ? zeroExtended(V, 64)
                                                          : reg(V));
    Block.Operands.push_back(O);
  }
  if (Results.size() == 1 && !Call.getType()->isStructTy())
    define(Call, Results[0]);
  else
    Parts[&Call].assign(Results.begin(), Results.end());
  mir::Inst &I = emit(mir::INLINE_ASM);
  I.Defs.assign(Defs.begin(), Defs.end());
  I.Uses.assign(Uses.begin(), Uses.end());
  I.Targets = Targets;
  I.Volatile = Asm.hasSideEffects();
  I.Extra = Out.Asms.size();
  Out.Asms.push_back(std::move(Block));
  for (auto [Argument, Value] : Stored)
    storeTo(Call.getArgOperand(Argument), Call.getParamElementType(Argument),
            Value);
}

} // namespace bpfcc
