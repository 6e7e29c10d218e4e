// Inline assembly: from LLVM's template to instructions.
//
// needs: an AsmBlock whose registers are physical; `$N`, `${N:modifier}`,
//        `${:uid}`, `$$` and `$(a$|b$)` as LLVM IR writes them
// gives: instructions that keep their relative places
//
//   "$0 += ${1:w}" with r3, r4   ->   r3 += w4

#include "backend/finish/AsmText.h"

#include "llvm/ADT/StringExtras.h"

namespace bpfcc {

static constexpr llvm::StringLiteral LabelPrefix = "__bpfcc_asm_target_";

namespace {

using Operand = mir::AsmBlock::Operand;

class Substitution {
public:
  Substitution(const mir::Function &F, const mir::Inst &I, unsigned Unique)
      : F(F), I(I), Block(F.Asms[I.Extra]), Unique(Unique) {}

  /// Gives false and sets Why when the template is not well formed.
  bool run(std::string &Out, std::string &Why) {
    llvm::raw_string_ostream OS(Out);
    llvm::StringRef Text = Block.Text;
    int Variant = -1; // inside $( ... $| ... $): which one we are in
    while (!Text.empty()) {
      size_t Dollar = Text.find('$');
      if (Variant <= 0)
        OS << Text.take_front(Dollar);
      if (Dollar == llvm::StringRef::npos)
        break;
      Text = Text.drop_front(Dollar + 1);
      if (Text.empty()) {
        Why = "the text ends in `$`";
        return false;
      }
      char C = Text.front();
      if (C == '(' || C == '|' || C == ')') {
        // `r0 |= 7` has its bar escaped too.
        if (C != '(' && Variant < 0)
          OS << (C == '|' ? '|' : '}');
        Variant = C == '(' ? 0 : C == '|' && Variant >= 0 ? Variant + 1 : -1;
        Text = Text.drop_front();
        continue;
      }
      std::string Piece;
      if (!reference(Text, Piece, Why))
        return false;
      if (Variant <= 0)
        OS << Piece;
    }
    return true;
  }

private:
  bool reference(llvm::StringRef &Text, std::string &Piece, std::string &Why) {
    if (Text.consume_front("$")) {
      Piece = "$";
      return true;
    }
    bool Braced = Text.consume_front("{");
    if (Braced && Text.consume_front(":uid}")) {
      Piece = std::to_string(Unique);
      return true;
    }
    unsigned Number = 0;
    if (Text.consumeInteger(10, Number) || Number >= Block.Operands.size()) {
      Why = "a reference to an operand that does not exist";
      return false;
    }
    llvm::StringRef Modifier;
    if (Braced) {
      size_t End = Text.find('}');
      if (End == llvm::StringRef::npos) {
        Why = "`${` without `}`";
        return false;
      }
      Modifier = Text.take_front(End).ltrim(':');
      Text = Text.drop_front(End + 1);
    }
    if (!Modifier.empty() && Modifier != "w" && Modifier != "l") {
      Why = ("operand modifier `" + Modifier + "` is not known").str();
      return false;
    }
    Piece = operandText(Block.Operands[Number], Modifier == "w");
    return true;
  }

  std::string operandText(const Operand &O, bool Word) const {
    auto RegName = [&](mir::Reg R) {
      return (Word || O.Word ? "w" : "r") + std::to_string(R);
    };
    switch (O.K) {
    case Operand::Def:
      return RegName(I.Defs[O.Index]);
    case Operand::Use:
      return RegName(I.Uses[O.Index]);
    case Operand::Imm:
      return std::to_string(O.Value);
    case Operand::Symbol:
      return F.Symbols[O.Sym] +
             (O.Value ? " + " + std::to_string(O.Value) : std::string());
    case Operand::Memory: {
      mir::Reg Base = isa::R10;
      int64_t Off = O.Value;
      if (O.Frame != mir::None)
        Off += F.Frame[O.Frame].Offset;
      else
        Base = I.Uses[O.Index];
      return llvm::formatv("(r{0} {1} {2})", Base, Off < 0 ? "-" : "+",
                           Off < 0 ? -Off : Off)
          .str();
    }
    case Operand::Label:
      return (LabelPrefix + llvm::Twine(O.Index)).str();
    }
    return {};
  }

  const mir::Function &F;
  const mir::Inst &I;
  const mir::AsmBlock &Block;
  unsigned Unique;
};

} // namespace

llvm::Expected<isa::AsmResult> assembleOperands(const mir::Function &F,
                                                const mir::Inst &I,
                                                const SourceLoc &Loc,
                                                unsigned Unique,
                                                const FinishOptions &Options) {
  std::string Text, Why;
  if (!Substitution(F, I, Unique).run(Text, Why))
    return diagError(DiagCode::AsmError, Loc, Why);
  llvm::Expected<isa::AsmResult> Result =
      isa::assemble(Text, Options.BigEndian, Options.Scope);
  if (!Result)
    return diagError(DiagCode::AsmError, Loc, takeMessages(Result.takeError()));
  return Result;
}

std::optional<mir::BlockId> asmLabelTarget(llvm::ArrayRef<mir::BlockId> Targets,
                                           llvm::StringRef Symbol) {
  unsigned Index = 0;
  if (!Symbol.consume_front(LabelPrefix) || Symbol.getAsInteger(10, Index) ||
      Index >= Targets.size())
    return std::nullopt;
  return Targets[Index];
}

} // namespace bpfcc
