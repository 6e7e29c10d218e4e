#include "backend/btf/BtfFile.h"
#include "backend/btf/BtfExt.h"
#include "support/Diagnostic.h"

#include "gtest/gtest.h"

#include <random>

using namespace bpfcc;
using namespace bpfcc::btf;

namespace {

struct Bytes {
  std::vector<uint8_t> Btf, Ext;
};

uint32_t add(Writer &W, Kind K, llvm::StringRef Name, uint32_t SizeOrType,
             std::vector<uint32_t> Words = {}, uint32_t Length = 0,
             bool Flag = false) {
  Type T;
  T.Name = W.string(Name);
  T.K = K;
  T.SizeOrType = SizeOrType;
  T.Words = std::move(Words);
  T.Length = Length;
  T.Flag = Flag;
  return W.add(std::move(T));
}

/// One type of each kind, and a function with lines and a relocation.
Bytes sample(bool BigEndian) {
  Writer W;
  uint32_t Int = add(W, KindInt, "int", 4, {IntSigned << 24 | 32});
  uint32_t Const = add(W, KindConst, "", Int);
  uint32_t Array = add(W, KindArray, "", 0, {Const, Int, 6});
  uint32_t Ptr = add(W, KindPtr, "", 5);
  uint32_t S = add(W, KindStruct, "node", 16,
                   {W.string("next"), Ptr, 0, W.string("bits"), Int,
                    5u << 24 | 67, W.string("rest"), Int, 96},
                   3, true);
  add(W, KindUnion, "either", 24, {W.string("a"), Array, 0}, 1);
  add(W, KindEnum, "e", 4, {W.string("MINUS"), ~0u, W.string("TWO"), 2}, 2,
      true);
  add(W, KindEnum64, "big", 8, {W.string("HUGE"), 1, 0x80000000}, 1);
  add(W, KindFwd, "later", 0);
  add(W, KindTypedef, "alias", S);
  add(W, KindVolatile, "", Int);
  add(W, KindRestrict, "", Ptr);
  add(W, KindFloat, "double", 8);
  add(W, KindTypeTag, "rcu", Int);
  uint32_t Proto = add(W, KindFuncProto, "", Int, {W.string("n"), Ptr}, 1);
  uint32_t Func = add(W, KindFunc, "prog", Proto, {}, Global);
  add(W, KindDeclTag, "nonnull", Func, {0});
  uint32_t Var = add(W, KindVar, "counter", Int, {Static});
  add(W, KindDatasec, ".bss", 4, {Var, 0, 4}, 1);

  std::map<std::string, std::string> NoSources;
  ExtBuilder Ext(W, {NoSources, NoSources});
  CodeFunction F;
  F.Name = "prog";
  F.Section = "xdp";
  F.Insts.resize(2);
  F.Lines = {{0, "a.c", 3, 7}, {1, "a.c", 4, 0}};
  Ext.addFunction(F, 8, Func, {"a.c", 2});
  mir::CoreRelo Relo;
  Relo.Access = "0:1";
  Relo.Kind = 2;
  Ext.addRelocation("xdp", 16, S, Relo);
  std::vector<uint8_t> ExtBytes = Ext.encode(BigEndian);
  return {W.encode(BigEndian), ExtBytes};
}

class BtfRead : public testing::TestWithParam<bool> {};

TEST_P(BtfRead, GivesWhatWasWritten) {
  Bytes B = sample(GetParam());
  auto F = readBtf(B.Btf, B.Ext, GetParam());
  ASSERT_TRUE(bool(F)) << takeMessages(F.takeError());
  B = {};
  ASSERT_EQ(F->Types.size(), 20u);
  EXPECT_EQ(F->Types[1].Name, "int");
  EXPECT_EQ(F->Types[1].Encoding, uint32_t(IntSigned));
  EXPECT_EQ(F->Types[1].Bits, 32u);
  EXPECT_EQ(F->sizeOf(3), 24u);
  EXPECT_EQ(F->sizeOf(10), 16u);
  EXPECT_EQ(F->strip(10), 5u);
  const BtfFile::Type &S = F->Types[5];
  ASSERT_EQ(S.Members.size(), 3u);
  EXPECT_EQ(S.Members[1].Name, "bits");
  EXPECT_EQ(S.Members[1].Offset, 67u);
  EXPECT_EQ(S.Members[1].Size, 5u);
  EXPECT_EQ(S.Members[2].Size, 0u);
  EXPECT_EQ(F->Types[7].Members[0].Value, -1);
  EXPECT_EQ(F->Types[8].Members[0].Value, INT64_MIN + 1);
  EXPECT_EQ(F->Types[16].Linkage, uint32_t(Global));
  EXPECT_EQ(F->Types[17].Component, 0);
  const BtfFile::Type *Bss = F->dataSection(".bss");
  ASSERT_TRUE(Bss);
  EXPECT_EQ(F->Types[Bss->Members[0].Type].Name, "counter");

  ASSERT_EQ(F->Functions.size(), 1u);
  EXPECT_EQ(F->Functions[0].Section, "xdp");
  EXPECT_EQ(F->Functions[0].Offset, 8u);
  ASSERT_EQ(F->Lines.size(), 2u);
  EXPECT_EQ(F->Lines[0].File, "a.c");
  EXPECT_EQ(F->Lines[0].Line, 3u);
  EXPECT_EQ(F->Lines[0].Column, 7u);
  EXPECT_EQ(F->Lines[1].Offset, 16u);
  ASSERT_EQ(F->CoreRelos.size(), 1u);
  EXPECT_EQ(F->CoreRelos[0].Access, "0:1");
  EXPECT_EQ(F->CoreRelos[0].Type, 5u);
}

/// Walks everything that a reader may walk.
uint64_t use(const BtfFile &F) {
  uint64_t Sum = F.Lines.size() + F.Functions.size() + F.CoreRelos.size();
  for (uint32_t Id = 0; Id != F.Types.size(); ++Id) {
    Sum += F.sizeOf(Id) + F.strip(Id) + F.Types[Id].Name.size();
    for (const BtfFile::Member &M : F.Types[Id].Members)
      Sum += F.sizeOf(M.Type) + M.Name.size();
  }
  return Sum;
}

TEST_P(BtfRead, DamageIsRefusedOrRead) {
  Bytes Good = sample(GetParam());
  std::mt19937 Random(11);
  unsigned Refused = 0, Read = 0;
  uint64_t Sum = 0;
  constexpr unsigned Rounds = 40000;
  for (unsigned N = 0; N != Rounds; ++N) {
    Bytes B = Good;
    std::vector<uint8_t> &Victim = N % 2 ? B.Btf : B.Ext;
    for (unsigned K = 1 + Random() % 4; K; --K) {
      // Whole words of small numbers reach deeper than single bytes.
      uint32_t At = Random() % (Victim.size() - 3);
      if (N % 4 < 2)
        Victim[At] = uint8_t(Random());
      else
        for (unsigned I = 0; I != 4; ++I)
          Victim[At / 4 * 4 + I] =
              (I == (GetParam() ? 3 : 0)) ? uint8_t(Random() % 24) : 0;
    }
    if (N % 16 == 0)
      Victim.resize(Random() % Victim.size());
    auto F = readBtf(B.Btf, B.Ext, GetParam());
    if (F) {
      ++Read;
      Sum += use(*F);
    } else {
      ++Refused;
      EXPECT_FALSE(takeMessages(F.takeError()).empty());
    }
  }
  EXPECT_EQ(Read + Refused, Rounds);
  EXPECT_GT(Refused, 5000u);
  EXPECT_GT(Read, 5000u);
  EXPECT_NE(Sum, 0u);
}

INSTANTIATE_TEST_SUITE_P(Orders, BtfRead, testing::Bool());

std::string message(const Writer &W) {
  auto F = readBtf(W.encode(false), {}, false);
  return F ? "" : takeMessages(F.takeError());
}

TEST(BtfReader, SaysWhatIsWrong) {
  auto Expect = [](const Writer &W, const char *What) {
    EXPECT_EQ(message(W), std::string("not a usable BPF object: .BTF") + What);
  };
  Writer Missing;
  add(Missing, KindPtr, "", 9);
  Expect(Missing, ": type 1 refers to type 9, the last is 1");
  Writer NoProto;
  add(NoProto, KindInt, "int", 4, {32});
  add(NoProto, KindFunc, "f", 1);
  Expect(NoProto, ": function `f` (type 2) has no prototype");
  Writer Cycle;
  add(Cycle, KindConst, "", 2);
  add(Cycle, KindPtr, "", 1);
  Expect(Cycle, ": type 1 contains itself");
  Writer Nest;
  add(Nest, KindStruct, "s", 8, {0, 1, 0}, 1);
  Expect(Nest, ": type 1 contains itself");
  Writer Deep;
  add(Deep, KindInt, "int", 4, {32});
  for (uint32_t N = 1; N != 200; ++N)
    add(Deep, KindConst, "", N);
  Expect(Deep, ": type 129 is nested deeper than 128");
  Writer Beyond;
  add(Beyond, KindInt, "int", 4, {32});
  add(Beyond, KindUnion, "u", 4, {Beyond.string("m"), 1, 40}, 1);
  Expect(Beyond, ": member `m` of type 2 lies beyond its 4 bytes");
  Writer Kind;
  add(Kind, btf::Kind(25), "", 4);
  Expect(Kind, ": type 1 has the unknown kind 25");
  Writer Name;
  add(Name, KindFwd, "x", 0);
  Name.type(1).Name = 99;
  Expect(Name, ": type 1 has a name outside the strings");
}

TEST(BtfReader, RefusesTheOtherByteOrder) {
  Bytes B = sample(true);
  EXPECT_EQ(takeMessages(readBtf(B.Btf, {}, false).takeError()),
            "not a usable BPF object: .BTF does not begin with 0xeb9f in the "
            "byte order of the file");
}

TEST(BtfReader, NothingIsNoTypes) {
  auto F = readBtf({}, {}, false);
  ASSERT_TRUE(bool(F));
  EXPECT_EQ(F->Types.size(), 1u);
  EXPECT_EQ(F->sizeOf(7), 0u);
}

} // namespace
