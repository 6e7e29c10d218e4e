// Soundness is tested with sets: an abstract value is made of some numbers and
// made less exact at random; what the operation does to the numbers must be in
// what it does to the abstract value.

#include "backend/analysis/Scalar.h"
#include "tools/superopt/Concrete.h"

#include "gtest/gtest.h"

#include <vector>

using namespace bpfcc;
using namespace bpfcc::analysis;
using isa::Op;

namespace {

class Random : public superopt::Random {
public:
  Random() : superopt::Random(1) {}

  std::vector<uint64_t> numbers() {
    std::vector<uint64_t> All = {value()};
    uint64_t Step = below(2) ? 1 + below(64) : value();
    for (unsigned N = unsigned(below(6)); N; --N)
      All.push_back(below(3) ? All.back() + Step : value());
    return All;
  }

  Scalar holding(const std::vector<uint64_t> &Numbers) {
    Scalar S = Scalar::constant(Numbers.front());
    for (uint64_t V : Numbers)
      S = join(S, Scalar::constant(V));
    unsigned Forget = unsigned(below(16));
    if (Forget & 1)
      S.Bits = Tnum::unknown();
    if (Forget & 2)
      S.Whole = Interval<uint64_t>::unknown();
    if (Forget & 4)
      S.Low = Interval<uint32_t>::unknown();
    if (Forget & 8)
      S.Bits = join(S.Bits, Tnum::constant(value()));
    EXPECT_TRUE(S.deduce());
    return S;
  }
};

/// What the instruction does to numbers, which is tested against the
/// interpreter: the result, or whether the jump is taken.
uint64_t concrete(Op O, uint64_t A, uint64_t B) {
  superopt::Concrete Dom;
  superopt::Computation<superopt::Concrete> M{Dom, {A, B}, {}, {}};
  RuleInst I;
  I.Op = O;
  I.Dst = 0;
  I.Src = 1;
  M.step(I, 0, 0);
  return M.Jumps ? *M.Jumps : M.Regs[0];
}

const Op Arithmetic[] = {
    Op::ADD_RR,   Op::SUB_RR,   Op::MUL_RR,    Op::DIV_RR,    Op::MOD_RR,
    Op::OR_RR,    Op::AND_RR,   Op::XOR_RR,    Op::MOV_RR,    Op::NEG,
    Op::LSH_RR,   Op::RSH_RR,   Op::ARSH_RR,   Op::SDIV_RR,   Op::SMOD_RR,
    Op::ADD32_RR, Op::SUB32_RR, Op::MUL32_RR,  Op::DIV32_RR,  Op::MOD32_RR,
    Op::OR32_RR,  Op::AND32_RR, Op::XOR32_RR,  Op::MOV32_RR,  Op::NEG32,
    Op::LSH32_RR, Op::RSH32_RR, Op::ARSH32_RR, Op::SDIV32_RR, Op::SMOD32_RR,
    Op::MOVSX8,   Op::MOVSX16,  Op::MOVSX32,   Op::MOVSX8_32, Op::MOVSX16_32,
    Op::LE16,     Op::LE32,     Op::LE64,      Op::BE16,      Op::BE32,
    Op::BE64,     Op::BSWAP16,  Op::BSWAP32,   Op::BSWAP64};

const Op Jumps[] = {Op::JEQ_RR,    Op::JNE_RR,    Op::JGT_RR,    Op::JGE_RR,
                    Op::JLT_RR,    Op::JLE_RR,    Op::JSGT_RR,   Op::JSGE_RR,
                    Op::JSLT_RR,   Op::JSLE_RR,   Op::JSET_RR,   Op::JEQ32_RR,
                    Op::JNE32_RR,  Op::JGT32_RR,  Op::JGE32_RR,  Op::JLT32_RR,
                    Op::JLE32_RR,  Op::JSGT32_RR, Op::JSGE32_RR, Op::JSLT32_RR,
                    Op::JSLE32_RR, Op::JSET32_RR};

TEST(ScalarTest, ArithmeticHoldsAllResults) {
  Random R;
  for (unsigned N = 0; N < 20000; ++N) {
    auto As = R.numbers(), Bs = R.numbers();
    if (N % 3 == 0)
      for (uint64_t &B : Bs)
        B %= 70; // distances of shifts
    Scalar A = R.holding(As), B = R.holding(Bs);
    for (Op O : Arithmetic) {
      Scalar Got = applyAlu(O, A, B, /*BigEndian=*/false);
      for (uint64_t X : As)
        for (uint64_t Y : Bs)
          ASSERT_TRUE(Got.contains(concrete(O, X, Y)))
              << "instruction " << unsigned(O) << ", " << X << ", " << Y;
    }
  }
}

TEST(ScalarTest, ArithmeticOfConstantsIsConstant) {
  Random R;
  for (unsigned N = 0; N < 2000; ++N) {
    uint64_t A = R.value(), B = R.value();
    for (Op O : Arithmetic) {
      bool Signed = O == Op::SDIV_RR || O == Op::SMOD_RR ||
                    O == Op::SDIV32_RR || O == Op::SMOD32_RR;
      Scalar Got = applyAlu(O, Scalar::constant(A), Scalar::constant(B), false);
      if (!Signed)
        ASSERT_EQ(Got, Scalar::constant(concrete(O, A, B)))
            << "instruction " << unsigned(O) << ", " << A << ", " << B;
    }
  }
}

TEST(ScalarTest, JumpsKeepWhatTheyAllow) {
  Random R;
  for (unsigned N = 0; N < 20000; ++N) {
    auto As = R.numbers(), Bs = N % 4 ? R.numbers() : As;
    if (N % 5 == 0)
      Bs.resize(1);
    Scalar A = R.holding(As), B = R.holding(Bs);
    for (Op O : Jumps)
      for (bool Taken : {false, true}) {
        auto Got = refine(O, Taken, A, B);
        for (uint64_t X : As)
          for (uint64_t Y : Bs)
            if (bool(concrete(O, X, Y)) == Taken)
              ASSERT_TRUE(Got && Got->first.contains(X) &&
                          Got->second.contains(Y))
                  << "jump " << unsigned(O) << ", " << X << ", " << Y;
      }
  }
}

TEST(ScalarTest, JumpsOfConstantsAreDecided) {
  Random R;
  for (unsigned N = 0; N < 2000; ++N) {
    uint64_t A = R.value(), B = N % 2 ? R.value() : A;
    for (Op O : Jumps)
      for (bool Taken : {false, true})
        ASSERT_EQ(
            bool(refine(O, Taken, Scalar::constant(A), Scalar::constant(B))),
            bool(concrete(O, A, B)) == Taken);
  }
}

TEST(ScalarTest, DeducesAllPartsOfAnIndex) {
  // if w1 < 100 ...: r1 was loaded as 32 bits
  Scalar Loaded = Scalar::range(0, 0xffffffff);
  auto Below = refine(Op::JLT32_RR, true, Loaded, Scalar::constant(100));
  ASSERT_TRUE(Below);
  EXPECT_EQ(Below->first, Scalar::range(0, 99));
  EXPECT_EQ(Below->first.Bits, (Tnum{0, 127}));
  EXPECT_EQ(Below->first.Whole.SMax, 99);
}

TEST(ScalarTest, KeepsTheUpperHalfOpen) {
  // if w1 < 100 says nothing of r1's upper half
  auto Below =
      refine(Op::JLT32_RR, true, Scalar::unknown(), Scalar::constant(100));
  ASSERT_TRUE(Below);
  EXPECT_EQ(Below->first.Low.UMax, 99u);
  EXPECT_TRUE(Below->first.contains(uint64_t(5) << 32));
  EXPECT_FALSE(Below->first.contains(100));
}

TEST(ScalarTest, LearnsFromSignedAndUnsignedTogether) {
  // if r1 s> -10; if r1 > 100: a number above 100, or from -9 to -1
  auto Signed = refine(Op::JSGT_RR, true, Scalar::unknown(),
                       Scalar::constant(uint64_t(-10)));
  ASSERT_TRUE(Signed);
  auto Small = refine(Op::JLE_RR, true, Signed->first, Scalar::constant(100));
  ASSERT_TRUE(Small);
  EXPECT_EQ(Small->first, Scalar::range(0, 100));
}

TEST(ScalarTest, KnowsWhereAMaskLeadsNowhere) {
  Scalar Even =
      applyAlu(Op::AND_RR, Scalar::unknown(), Scalar::constant(0xfe), false);
  EXPECT_FALSE(refine(Op::JSET_RR, true, Even, Scalar::constant(1)));
  EXPECT_FALSE(refine(Op::JEQ_RR, true, Even, Scalar::constant(3)));
  EXPECT_EQ(Even.Whole.UMax, 0xfeu);
}

TEST(ScalarTest, BoundsQuotientsAndRemainders) {
  Scalar A = Scalar::range(10, 1000), B = Scalar::range(3, 5);
  EXPECT_EQ(applyAlu(Op::DIV_RR, A, B, false).Whole.UMax, 333u);
  EXPECT_EQ(applyAlu(Op::DIV_RR, A, B, false).Whole.UMin, 2u);
  EXPECT_EQ(applyAlu(Op::MOD_RR, A, B, false).Whole.UMax, 4u);
  EXPECT_EQ(applyAlu(Op::MOD_RR, A, Scalar::range(0, 5), false).Whole.UMax,
            1000u);
}

TEST(ScalarTest, ReadsTheOrderOfBytes) {
  Scalar Byte = Scalar::range(0, 0xff);
  EXPECT_EQ(applyAlu(Op::BE16, Byte, Byte, false).Bits, (Tnum{0, 0xff00}));
  EXPECT_EQ(applyAlu(Op::BE16, Byte, Byte, true).Bits, (Tnum{0, 0xff}));
  EXPECT_EQ(applyAlu(Op::LE32, Byte, Byte, true).Bits, (Tnum{0, 0xff000000}));
  EXPECT_EQ(applyAlu(Op::BSWAP16, Byte, Byte, true).Bits, (Tnum{0, 0xff00}));
}

} // namespace
