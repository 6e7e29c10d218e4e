// The text form of MIR. A function is a header, its tables and its blocks;
// what holds its default value is left out:
//
//   func @f section "xdp" global result {
//     files "a.c"
//     loc 0 = 0:12:3                       file:line:column
//     symbols @hits
//     obj 0 = size 16 align 8 "key"        a FrameObject
//     core 0 = kind 0 type "T" access "0:1" value 4
//     asm 0 = "$0 += $1" [def 0, use 0 tied 0] clobbers r1
//   bb0: freq 2, preds bb1
//     %17 = LDXW %16, 4 !0                 base, offset; !n is a loc
//     STXW obj0, 8, %17 volatile           frame object instead of a base
//     JGT_RI %17, 100, bb1, bb2
//   }
//
// Numbers that an opcode does not show by itself are written `off=N`, `imm=N`.

#include "backend/mir/Shape.h"
#include "backend/mir/Text.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

namespace bpfcc::mir {

namespace {

class Printer {
public:
  Printer(llvm::raw_ostream &OS, const Function &F) : OS(OS), F(F) {}

  void print() {
    header();
    tables();
    for (BlockId B = 0; B < F.Blocks.size(); ++B)
      block(B);
    OS << "}\n";
  }

private:
  void quoted(llvm::StringRef S) {
    OS << '"';
    llvm::printEscapedString(S, OS);
    OS << '"';
  }

  void symbolName(llvm::StringRef Name) {
    OS << '@';
    if (!Name.empty() && !llvm::isDigit(Name.front()) &&
        llvm::all_of(Name, [](char C) {
          return llvm::isAlnum(C) || C == '_' || C == '.' || C == '$';
        }))
      OS << Name;
    else
      quoted(Name);
  }

  void symbol(int32_t Index) { symbolName(F.Symbols[Index]); }

  void reg(Reg R) {
    if (R == NoReg)
      OS << '_';
    else if (R >= FirstVirtual)
      OS << '%' << R;
    else
      OS << 'r' << R;
  }

  template <typename Range, typename Each> void list(Range &&R, Each Print) {
    bool First = true;
    for (auto &&X : R) {
      if (!First)
        OS << ", ";
      First = false;
      Print(X);
    }
  }

  Reg impliedNextReg() const {
    Reg Next = FirstVirtual;
    auto See = [&](Reg R) {
      if (isVirtual(R))
        Next = std::max(Next, R + 1);
    };
    for (const Block &B : F.Blocks)
      for (const Inst &I : B.Insts) {
        llvm::for_each(I.Defs, See);
        llvm::for_each(I.Uses, See);
      }
    return Next;
  }

  void header() {
    OS << "func ";
    symbolName(F.Name);
    OS << " section ";
    quoted(F.Section);
    OS << (F.Global ? " global" : "") << (F.Weak ? " weak" : "")
       << (F.Hidden ? " hidden" : "") << (F.HasResult ? " result" : "")
       << (F.Naked ? " naked" : "");
    if (F.NextReg != impliedNextReg())
      OS << " next %" << F.NextReg;
    OS << " {\n";
  }

  void tables() {
    if (!F.Files.empty()) {
      OS << "  files ";
      list(F.Files, [&](llvm::StringRef S) { quoted(S); });
      OS << '\n';
    }
    for (size_t I = 0; I < F.Locs.size(); ++I)
      OS << "  loc " << I << " = " << F.Locs[I].File << ':' << F.Locs[I].Line
         << ':' << F.Locs[I].Column << '\n';
    if (!F.Symbols.empty()) {
      OS << "  symbols ";
      list(F.Symbols, [&](llvm::StringRef S) { symbolName(S); });
      OS << '\n';
    }
    for (size_t I = 0; I < F.Frame.size(); ++I)
      frameObject(I);
    for (size_t I = 0; I < F.CoreRelos.size(); ++I) {
      const CoreRelo &R = F.CoreRelos[I];
      OS << "  core " << I << " = kind " << R.Kind << " type ";
      quoted(R.Type);
      OS << " access ";
      quoted(R.Access);
      OS << " value " << R.Value << '\n';
    }
    for (size_t I = 0; I < F.Asms.size(); ++I)
      asmBlock(I);
  }

  void frameObject(size_t Index) {
    const FrameObject &O = F.Frame[Index];
    OS << "  obj " << Index << " = size " << O.Size << " align " << O.Align;
    if (!O.Name.empty()) {
      OS << ' ';
      quoted(O.Name);
    }
    if (O.Spill)
      OS << " spill";
    if (O.Offset)
      OS << " offset " << O.Offset;
    OS << '\n';
  }

  void asmBlock(size_t Index) {
    const AsmBlock &A = F.Asms[Index];
    OS << "  asm " << Index << " = ";
    quoted(A.Text);
    OS << " [";
    list(A.Operands, [&](const AsmBlock::Operand &O) { asmOperand(O); });
    OS << ']';
    if (A.Clobbers) {
      OS << " clobbers ";
      llvm::SmallVector<Reg, 16> Lost;
      for (Reg R = 0; R < 16; ++R)
        if (A.Clobbers >> R & 1)
          Lost.push_back(R);
      list(Lost, [&](Reg R) { OS << 'r' << R; });
    }
    OS << '\n';
  }

  void asmOperand(const AsmBlock::Operand &O) {
    static constexpr const char *Kinds[] = {"def",    "use",    "imm",
                                            "symbol", "memory", "label"};
    OS << Kinds[O.K] << ' ' << O.Index;
    if (O.TiedTo != None)
      OS << " tied " << O.TiedTo;
    if (O.EarlyClobber)
      OS << " early";
    if (O.Word)
      OS << " word";
    if (O.Phys != None)
      OS << " in r" << O.Phys;
    if (O.Sym != None) {
      OS << ' ';
      symbol(O.Sym);
    }
    if (O.Frame != None)
      OS << " obj" << O.Frame;
    if (O.Value)
      OS << " value " << O.Value;
  }

  void block(BlockId Id) {
    const Block &B = F.Blocks[Id];
    OS << "bb" << Id << ':';
    if (B.Frequency != 1.0f)
      OS << " freq " << llvm::format("%.9g", double(B.Frequency));
    bool Any = B.Frequency != 1.0f;
    if (B.Turns != 1) {
      OS << (Any ? "," : "") << " turns " << B.Turns;
      Any = true;
    }
    if (!B.Preds.empty()) {
      OS << (Any ? "," : "") << " preds ";
      list(B.Preds, [&](BlockId P) { OS << "bb" << P; });
    }
    OS << '\n';
    for (const Inst &I : B.Insts)
      inst(I);
  }

  void inst(const Inst &I) {
    OS << "  ";
    if (!I.Defs.empty()) {
      list(I.Defs, [&](Reg R) { reg(R); });
      OS << " = ";
    }
    OS << name(I.Op);
    operands(I);
    Numbers Shown = numbers(I);
    if (I.Off && !Shown.Off)
      OS << " off=" << I.Off;
    if (I.Imm && !Shown.Imm)
      OS << " imm=" << I.Imm;
    if (I.Volatile)
      OS << " volatile";
    if (I.Ordered)
      OS << " ordered";
    if (I.Loc != None)
      OS << " !" << I.Loc;
    OS << '\n';
  }

  void operands(const Inst &I) {
    bool First = true;
    auto Next = [&]() -> llvm::raw_ostream & {
      OS << (First ? " " : ", ");
      First = false;
      return OS;
    };
    Numbers Shown = numbers(I);
    if (I.Frame != None)
      Next() << "obj" << I.Frame;
    size_t Use = 0;
    if (Shown.Off) { // base, offset, then the rest
      if (I.Frame == None && !I.Uses.empty()) {
        Next();
        reg(I.Uses[Use++]);
      }
      Next() << I.Off;
    }
    for (; Use < I.Uses.size(); ++Use) {
      Next();
      reg(I.Uses[Use]);
    }
    if (I.Sym != None) {
      Next();
      symbol(I.Sym);
    }
    if (I.Extra != None)
      Next() << (I.Op == INLINE_ASM ? "asm" : "core") << I.Extra;
    if (Shown.Imm && (Shown.ZeroImm || I.Imm))
      Next() << I.Imm;
    for (BlockId T : I.Targets)
      Next() << "bb" << T;
  }

  llvm::raw_ostream &OS;
  const Function &F;
};

} // namespace

void print(llvm::raw_ostream &OS, const Function &F) { Printer(OS, F).print(); }

} // namespace bpfcc::mir
