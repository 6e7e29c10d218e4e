#include "runtime/verify/Nodes.h"

#include "gtest/gtest.h"

using bpfcc::verify::Nodes;

namespace {

TEST(Nodes, ReadsPassThroughRenewalsAlone) {
  Nodes G;
  auto First = G.define(1);
  auto Kept = G.renew(First);
  auto Sum = G.define(2, Kept);
  G.markRead(Sum);
  EXPECT_TRUE(G.isRead(Sum));
  EXPECT_FALSE(G.isRead(Kept));
  G.markRead(Kept);
  EXPECT_TRUE(G.isRead(First));
}

TEST(Nodes, PrecisionPassesThroughAllOperands) {
  Nodes G;
  auto A = G.define(1), B = G.define(2), Other = G.define(3);
  auto Kept = G.renew(A);
  auto Sum = G.define(4, Kept, B);
  G.markPrecise(Sum);
  for (auto N : {A, B, Kept, Sum})
    EXPECT_TRUE(G.isPrecise(N));
  EXPECT_FALSE(G.isPrecise(Other));
  EXPECT_FALSE(G.isRead(A));
}

TEST(Nodes, BoundsThatOneNumberGaveAnotherNeedBoth) {
  Nodes G;
  auto Number = G.define(1), Limit = G.define(2);
  auto Bounded = G.renew(Number, Limit);
  G.markPrecise(Bounded);
  EXPECT_TRUE(G.isPrecise(Limit));
  G.markRead(Bounded);
  EXPECT_TRUE(G.isRead(Number));
  EXPECT_FALSE(G.isRead(Limit));
}

TEST(Nodes, OperandsAreFoundBehindRenewals) {
  Nodes G;
  auto Load = G.define(7);
  auto Copy = G.define(9, G.renew(Load));
  EXPECT_EQ(G.inst(G.renew(Copy)), 9u);
  EXPECT_EQ(G.operand(G.renew(Copy)), Load);
  EXPECT_EQ(G.operand(Load), 0u);
}

TEST(Nodes, NoNodeIsNeverMarked) {
  Nodes G;
  G.markRead(0);
  G.markPrecise(0);
  EXPECT_FALSE(G.isRead(0));
  EXPECT_FALSE(G.isPrecise(0));
}

} // namespace
