// Every row of rules.def is right, and one that is wrong is found out.

#include "tools/superopt/Prover.h"
#include "backend/finish/Rules.h"
#include "tools/superopt/Concrete.h"

#include "gtest/gtest.h"

using namespace bpfcc;
using namespace bpfcc::superopt;

namespace {

constexpr unsigned Tries = 20000;

Rule rule(std::string_view Before, std::string_view After,
          std::string_view Condition = "") {
  Rule R = readRule("R", Before, After, Condition, 4);
  EXPECT_EQ(R.Error, nullptr) << R.Error;
  return R;
}

/// Rows with one mistake each.
const Rule Wrong[] = {
    rule("ra <<= K; ra s>>= K", "ra = (s32)ra"),
    rule("ra <<= 32; ra >>= 32", "ra = (s32)ra"),
    rule("ra &= K; wa >>= S; wa &= M", "wa >>= S; wa &= M"),
    rule("ra = rb; rc = ra", "rc = rb"),
    rule("ra += K; ra += M", "ra += K - M"),
    rule("ra = *(u64 *)(rb + O); rc = *(u64 *)(rb + P)",
         "ra = *(u64 *)(rb + O)"),
    rule("*(u32 *)(rb + O) = wa; *(u16 *)(rb + O) = wc",
         "*(u32 *)(rb + O) = wa"),
    rule("ra += 1; if ra > K goto T", "if ra > K - 1 goto T", "dead(a)"),
    rule("wa = wb; if ra == K goto T", "if rb == K goto T", "dead(a)"),
    // Right in one byte order.
    rule("ra = le16 ra; ra &= 65535", "ra &= 65535"),
};

TEST(Rules, HoldForManyNumbers) {
  for (const Rule &R : rules())
    EXPECT_FALSE(isRefuted(R, Tries)) << R.Name;
}

TEST(Rules, HoldForAllNumbers) {
  for (const Rule &R : rules()) {
    Proof P = prove(R);
    if (P.V == Proof::NoProver)
      GTEST_SKIP() << P.Why;
    EXPECT_EQ(P.V, Proof::Proved) << R.Name << ": " << P.Why;
  }
}

TEST(Rules, ThatAreWrongFailForSomeNumbers) {
  for (const Rule &R : Wrong)
    EXPECT_TRUE(isRefuted(R, Tries)) << &R - Wrong;
}

TEST(Rules, ThatAreWrongHaveNoProof) {
  for (const Rule &R : Wrong) {
    Proof P = prove(R);
    if (P.V == Proof::NoProver)
      GTEST_SKIP() << P.Why;
    EXPECT_EQ(P.V, Proof::Refuted) << &R - Wrong;
    EXPECT_NE(P.Why, "") << &R - Wrong;
  }
}

} // namespace
