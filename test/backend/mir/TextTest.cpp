#include "backend/mir/Text.h"
#include "support/Diagnostic.h"

#include "gtest/gtest.h"

#include <random>

using namespace bpfcc;
using namespace bpfcc::mir;

namespace {

std::string text(const Function &F) {
  std::string Out;
  llvm::raw_string_ostream OS(Out);
  print(OS, F);
  return Out;
}

Function parseOne(llvm::StringRef Text) {
  llvm::Expected<std::vector<Function>> All = parse(Text, "t.mir");
  if (!All) {
    ADD_FAILURE() << llvm::toString(All.takeError()) << Text.str();
    return {};
  }
  if (All->size() != 1) {
    ADD_FAILURE() << All->size() << " functions";
    return {};
  }
  return std::move(All->front());
}

std::string errorOf(llvm::StringRef Text) {
  llvm::Expected<std::vector<Function>> All = parse(Text, "t.mir");
  if (All)
    return "";
  return llvm::toString(All.takeError());
}

#define SAME(Field) EXPECT_EQ(A.Field, B.Field)

void expectSame(const Inst &A, const Inst &B) {
  SAME(Op);
  SAME(Off);
  SAME(Frame);
  SAME(Sym);
  SAME(Extra);
  SAME(Loc);
  SAME(Volatile);
  SAME(Imm);
  SAME(Defs);
  SAME(Uses);
  SAME(Targets);
}

void expectSame(const Block &A, const Block &B) {
  SAME(Preds);
  SAME(Frequency);
  ASSERT_EQ(A.Insts.size(), B.Insts.size());
  for (size_t I = 0; I < A.Insts.size(); ++I)
    expectSame(A.Insts[I], B.Insts[I]);
}

void expectSame(const FrameObject &A, const FrameObject &B) {
  SAME(Size);
  SAME(Align);
  SAME(Name);
  SAME(Spill);
  SAME(Offset);
}

void expectSame(const AsmBlock::Operand &A, const AsmBlock::Operand &B) {
  SAME(K);
  SAME(Index);
  SAME(TiedTo);
  SAME(EarlyClobber);
  SAME(Word);
  SAME(Phys);
  SAME(Value);
  SAME(Sym);
  SAME(Frame);
}

void expectSame(const AsmBlock &A, const AsmBlock &B) {
  SAME(Text);
  SAME(Clobbers);
  ASSERT_EQ(A.Operands.size(), B.Operands.size());
  for (size_t I = 0; I < A.Operands.size(); ++I)
    expectSame(A.Operands[I], B.Operands[I]);
}

void expectSame(const CoreRelo &A, const CoreRelo &B) {
  SAME(Kind);
  SAME(Type);
  SAME(Access);
  SAME(Value);
}

template <typename T>
void expectSameAll(const std::vector<T> &A, const std::vector<T> &B) {
  ASSERT_EQ(A.size(), B.size());
  for (size_t I = 0; I < A.size(); ++I)
    expectSame(A[I], B[I]);
}

void expectSame(const Function &A, const Function &B) {
  SAME(Name);
  SAME(Section);
  SAME(Global);
  SAME(Weak);
  SAME(Hidden);
  SAME(HasResult);
  SAME(Naked);
  SAME(Symbols);
  SAME(Files);
  SAME(Locs);
  SAME(NextReg);
  expectSameAll(A.Blocks, B.Blocks);
  expectSameAll(A.Frame, B.Frame);
  expectSameAll(A.Asms, B.Asms);
  expectSameAll(A.CoreRelos, B.CoreRelos);
}

/// Any value that the structures can hold, sensible or not, as long as preds
/// are given and targets exist.
class RandomFunction {
public:
  explicit RandomFunction(unsigned Seed) : Random(Seed) {}

  Function make() {
    Function F;
    F.Name = string();
    F.Section = string();
    F.Global = flag(), F.Weak = flag(), F.Hidden = flag();
    F.HasResult = flag(), F.Naked = flag();
    for (int I = 0; I < 3; ++I) {
      F.Files.push_back(string());
      F.Locs.push_back({below(3), below(100000), below(200)});
      F.Symbols.push_back(string() + std::to_string(I));
      F.Frame.push_back({below(600), 1u << below(4), string(), flag(),
                         -static_cast<int32_t>(below(512))});
      F.CoreRelos.push_back({below(14), string(), string(), number()});
      F.Asms.push_back(asmBlock());
    }
    for (int B = 0; B < 4; ++B)
      F.Blocks.push_back(block());
    F.NextReg = 1000;
    return F;
  }

private:
  uint32_t below(uint32_t N) { return Random() % N; }
  bool flag() { return below(2); }
  int32_t index() { return flag() ? None : static_cast<int32_t>(below(3)); }
  int64_t number() {
    int64_t Wide = static_cast<int64_t>(uint64_t(Random()) << 32 | Random());
    int64_t Choices[] = {0, 1, -1, INT64_MIN, INT64_MAX, Wide};
    return Choices[below(6)];
  }
  std::string string() {
    static constexpr const char *Choices[] = {
        "",     "xdp",     ".text", "a b\"c",   "x\\y\n; z",
        "@%1,", "_f.cold", "9$",    "\xc3\xa4", "bb0"};
    return Choices[below(10)];
  }
  Reg reg() {
    Reg Choices[] = {NoReg, below(isa::NumRegs), FirstVirtual + below(900)};
    return Choices[below(3)];
  }
  AsmBlock asmBlock() {
    AsmBlock A;
    A.Text = string();
    A.Clobbers = static_cast<uint16_t>(Random());
    for (uint32_t N = below(4); N > 0; --N) {
      AsmBlock::Operand O;
      O.K = static_cast<AsmBlock::Operand::Kind>(below(6));
      O.Index = below(9);
      O.TiedTo = index(), O.EarlyClobber = flag(), O.Word = flag();
      O.Phys = index(), O.Value = number(), O.Sym = index(), O.Frame = index();
      A.Operands.push_back(O);
    }
    return A;
  }
  Block block() {
    Block B;
    B.Frequency = static_cast<float>(Random()) / 65536.0f;
    B.Preds.push_back(below(4));
    for (uint32_t N = below(20); N > 0; --N) {
      Inst I;
      I.Op = static_cast<Opcode>(below(NumOpcodes));
      I.Off = static_cast<int16_t>(flag() ? 0 : Random());
      I.Frame = index(), I.Sym = index(), I.Extra = index(), I.Loc = index();
      I.Volatile = flag();
      I.Imm = number();
      for (uint32_t D = below(3); D > 0; --D)
        I.Defs.push_back(reg());
      for (uint32_t U = below(4); U > 0; --U)
        I.Uses.push_back(reg());
      for (uint32_t T = below(3); T > 0; --T)
        I.Targets.push_back(below(4));
      B.Insts.push_back(std::move(I));
    }
    return B;
  }

  std::mt19937 Random;
};

} // namespace

TEST(MirText, EveryFieldReadsBack) {
  for (unsigned Seed = 0; Seed < 500; ++Seed) {
    Function F = RandomFunction(Seed).make();
    std::string Text = text(F);
    Function Back = parseOne(Text);
    expectSame(F, Back);
    ASSERT_EQ(Text, text(Back)) << "seed " << Seed;
  }
}

TEST(MirText, LooksAsDocumented) {
  const char *Text = "func @f section \"xdp\" global result {\n"
                     "  files \"a.c\"\n"
                     "  loc 0 = 0:12:3\n"
                     "  symbols @hits\n"
                     "  obj 0 = size 16 align 8 \"key\"\n"
                     "bb0:\n"
                     "  %16 = arg 0 !0\n"
                     "  %17 = LDXW %16, 4\n"
                     "  STXW obj0, 8, %17 volatile\n"
                     "  STW %16, -4, 0\n"
                     "  %18 = LD_IMM64 @hits\n"
                     "  %19 = CALL_HELPER %18, %16, 1\n"
                     "  JGT_RI %17, 100, bb1, bb2\n"
                     "bb1: freq 0.5, preds bb0\n"
                     "  JA bb2\n"
                     "bb2: preds bb0, bb1\n"
                     "  %20 = phi %16, %19\n"
                     "  EXIT %20\n"
                     "}\n";
  EXPECT_EQ(text(parseOne(Text)), Text);
}

TEST(MirText, PredsFollowFromTargetsWhenLeftOut) {
  Function F = parseOne("func @f {\nbb0:\n JEQ_RI r1, 0, bb2, bb1\nbb1:\n"
                        " JA bb2\nbb2: ; a comment\n EXIT\n}");
  EXPECT_EQ(F.Blocks[1].Preds, (llvm::SmallVector<BlockId, 4>{0}));
  EXPECT_EQ(F.Blocks[2].Preds, (llvm::SmallVector<BlockId, 4>{0, 1}));
}

TEST(MirText, ErrorsNameTheLine) {
  EXPECT_NE(
      errorOf("func @f {\nbb0:\n FOO %16\n}")
          .find(
              "t.mir:3: error: machine IR: `FOO` is no instruction [BPF0704]"),
      std::string::npos);
  EXPECT_NE(errorOf("func @f {\nbb0:\n JA bb7\n}").find("no block bb7"),
            std::string::npos);
  EXPECT_NE(errorOf("func @f {\nbb0:\n %3 = MOV_RI 1\n}").find("t.mir:3:"),
            std::string::npos);
  EXPECT_NE(errorOf("func @f {\nbb0:\n %16 = LDXW %17, 40000\n}")
                .find("does not fit 16 bits"),
            std::string::npos);
  EXPECT_NE(errorOf("func @\"f {\nbb0:").find("t.mir:1:"), std::string::npos);
  EXPECT_NE(errorOf("func @f {\nbb1:\n}").find("expected block bb0"),
            std::string::npos);
}

TEST(MirText, CutTextIsAnErrorAtWorst) {
  std::string Text = text(RandomFunction(7).make());
  for (size_t N = 0; N < Text.size(); ++N)
    if (auto All = parse(llvm::StringRef(Text).take_front(N), "t.mir"); !All)
      llvm::consumeError(All.takeError());
}
