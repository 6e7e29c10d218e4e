#include "backend/link/TypeMerge.h"
#include "backend/btf/BtfEncode.h"

#include <bpf/btf.h>

#include "gtest/gtest.h"

#include <random>

using namespace bpfcc;
using namespace bpfcc::btf;
using bpfcc::link::TypeMerge;
using bpfcc::link::TypePool;

namespace {

uint32_t add(Writer &W, Kind K, llvm::StringRef Name, uint32_t SizeOrType,
             std::vector<uint32_t> Words = {}, uint32_t Length = 0,
             bool Flag = false) {
  bpfcc::btf::Type T;
  T.Name = W.string(Name);
  T.K = K;
  T.SizeOrType = SizeOrType;
  T.Words = std::move(Words);
  T.Length = Length;
  T.Flag = Flag;
  return W.add(std::move(T));
}

uint32_t addInt(Writer &W) {
  return add(W, KindInt, "int", 4, {IntSigned << 24 | 32});
}

BtfFile read(const Writer &W) {
  auto B = readBtf(W.encode(false), {}, false);
  EXPECT_TRUE(bool(B));
  return std::move(*B);
}

/// As the link does it.
BtfFile merge(const std::vector<BtfFile> &Files) {
  TypePool Pool;
  std::optional<TypeMerge> M;
  auto Add = [&] {
    for (const BtfFile &F : Files)
      EXPECT_TRUE(bool(Pool.add(F)));
    M.emplace(Pool);
  };
  Add();
  if (!M->disputed().empty()) {
    llvm::StringSet<> Names = M->disputed();
    M.reset();
    Pool = TypePool(std::move(Names));
    Add();
  }
  Writer W;
  M->write(W, std::vector<bool>(M->size(), true));
  return read(W);
}

/// What libbpf makes of the same files.
size_t libbpfCount(const std::vector<BtfFile> &Files) {
  struct ::btf *All = btf__new_empty();
  for (const BtfFile &F : Files) {
    Writer W;
    for (uint32_t Id = 1; Id != F.Types.size(); ++Id)
      W.add(encodeType(F.Types[Id], W, [](uint32_t To) { return To; }));
    std::vector<uint8_t> Bytes = W.encode(false);
    struct ::btf *One = btf__new(Bytes.data(), uint32_t(Bytes.size()));
    EXPECT_NE(One, nullptr);
    EXPECT_GT(btf__add_btf(All, One), 0);
    btf__free(One);
  }
  EXPECT_EQ(btf__dedup(All, nullptr), 0);
  size_t Count = btf__type_cnt(All);
  btf__free(All);
  return Count;
}

/// struct NAME { struct NAME *next; int value; int *rest[LENGTH]; }
void addList(Writer &W, llvm::StringRef Name, uint32_t Length) {
  uint32_t Int = addInt(W);
  uint32_t Ptr = add(W, KindPtr, "", Int);
  uint32_t Array = add(W, KindArray, "", 0, {Ptr, Int, Length});
  uint32_t Self = uint32_t(W.numTypes()) + 2;
  uint32_t Next = add(W, KindPtr, "", Self);
  add(W, KindStruct, Name, 16 + Length * 8,
      {W.string("next"), Next, 0, W.string("value"), Int, 64, W.string("rest"),
       Array, 128},
      3);
}

TEST(TypeMerge, EqualFilesAreOne) {
  std::vector<BtfFile> Files;
  for (int N = 0; N != 5; ++N) {
    Writer W;
    addList(W, "list", 2);
    Files.push_back(read(W));
  }
  EXPECT_EQ(merge(Files).Types.size(), Files[0].Types.size());
}

TEST(TypeMerge, OneMembersTypeTellsStructuresApart) {
  std::vector<BtfFile> Files;
  for (uint32_t Size : {4, 8, 4}) {
    Writer W;
    uint32_t Int = add(W, KindInt, "int", Size, {IntSigned << 24 | Size * 8});
    // The difference lies behind pointers in a chain of structures.
    for (int N = 0; N != 10; ++N) {
      Int = add(W, KindStruct, "s" + std::to_string(N), 8,
                {W.string("p"), add(W, KindPtr, "", Int), 0}, 1);
    }
    Files.push_back(read(W));
  }
  EXPECT_EQ(merge(Files).Types.size() - 1, 2 * (Files[0].Types.size() - 1));
}

TEST(TypeMerge, ForwardsAreResolved) {
  std::vector<BtfFile> Files;
  for (bool Defined : {false, true, false}) {
    Writer W;
    uint32_t Int = addInt(W);
    uint32_t Inner =
        Defined ? add(W, KindStruct, "inner", 4, {W.string("x"), Int, 0}, 1)
                : add(W, KindFwd, "inner", 0);
    uint32_t Ptr = add(W, KindPtr, "", Inner);
    add(W, KindStruct, "outer", 8, {W.string("p"), Ptr, 0}, 1);
    Files.push_back(read(W));
  }
  BtfFile All = merge(Files);
  EXPECT_EQ(All.Types.size(), 5u);
  for (const BtfFile::Type &T : All.Types)
    EXPECT_NE(T.K, KindFwd);
}

TEST(TypeMerge, AForwardOfAUnionIsNoStructure) {
  Writer A, B;
  add(A, KindFwd, "u", 0, {}, 0, /*Flag=*/true);
  add(B, KindStruct, "u", 4, {B.string("x"), addInt(B), 0}, 1);
  std::vector<BtfFile> Files;
  Files.push_back(read(A));
  Files.push_back(read(B));
  EXPECT_EQ(merge(Files).Types.size(), 4u);
}

/// Files of a program: some of common types, where each file may have seen a
/// definition or only a declaration, and may have another one of its own.
std::vector<BtfFile> randomFiles(std::mt19937 &Random, bool MayConflict) {
  std::vector<BtfFile> Files;
  unsigned Records = 2 + Random() % 10, Layout = Random();
  unsigned Odd = MayConflict ? Random() % 4 : 0;
  for (unsigned N = 2 + Random() % 5; N; --N) {
    Writer W;
    std::mt19937 Shape(Layout);
    if (Odd && Random() % (Odd + 2) == 0)
      Shape.seed(Random());
    addInt(W);
    std::vector<uint32_t> Ids;
    uint32_t First = uint32_t(W.numTypes()) + 1;
    for (unsigned R = 0; R != Records; ++R)
      Ids.push_back(First + R);
    std::vector<uint32_t> Pointers;
    for (unsigned R = 0; R != Records; ++R)
      Pointers.push_back(First + Records + R);
    for (unsigned R = 0; R != Records; ++R) {
      std::string Name = "s" + std::to_string(R);
      unsigned Members = 1 + Shape() % 4;
      std::vector<uint32_t> Words;
      for (unsigned M = 0; M != Members; ++M) {
        unsigned Pick = Shape();
        uint32_t Type = Pick % 3 == 0 ? 1 : Pointers[Pick % Records];
        Words.insert(Words.end(),
                     {W.string("m" + std::to_string(M)), Type, M * 64});
      }
      if (Random() % 3 == 0)
        add(W, KindFwd, Name, 0);
      else
        add(W, KindStruct, Name, Members * 8, Words, Members);
    }
    for (unsigned R = 0; R != Records; ++R)
      add(W, KindPtr, "", Ids[R]);
    Files.push_back(read(W));
  }
  return Files;
}

TEST(TypeMerge, IsNoLargerThanLibbpfs) {
  std::mt19937 Random(22);
  for (unsigned N = 0; N != 1500; ++N) {
    std::vector<BtfFile> Files = randomFiles(Random, false);
    EXPECT_LE(merge(Files).Types.size(), libbpfCount(Files)) << N;
  }
}

/// Where files define one name differently, libbpf may find better definitions
/// for forwards: it chooses one for each structure, not for each file.
TEST(TypeMerge, IsRarelyLargerThanLibbpfsWhereFilesDisagree) {
  std::mt19937 Random(23);
  unsigned Larger = 0;
  size_t Ours = 0, Theirs = 0;
  for (unsigned N = 0; N != 1500; ++N) {
    std::vector<BtfFile> Files = randomFiles(Random, true);
    size_t A = merge(Files).Types.size(), B = libbpfCount(Files);
    Larger += A > B;
    Ours += A;
    Theirs += B;
  }
  EXPECT_LE(Larger, 8u);
  EXPECT_LT(Ours, Theirs);
}

TEST(TypeMerge, MergedTypesMergeNoFurther) {
  std::mt19937 Random(7);
  for (unsigned N = 0; N != 500; ++N) {
    std::vector<BtfFile> Once;
    Once.push_back(merge(randomFiles(Random, true)));
    EXPECT_EQ(merge(Once).Types.size(), Once[0].Types.size());
  }
}

/// A chain that differs at its far end takes as many rounds as it is long.
TEST(TypeMerge, LongChainsTakeNoQuadraticTime) {
  std::vector<BtfFile> Files;
  constexpr unsigned Length = 50000;
  for (const char *Last : {"a", "b"}) {
    Writer W;
    uint32_t Int = addInt(W);
    uint32_t Id = add(W, KindStruct, "end", 4, {W.string(Last), Int, 0}, 1);
    for (unsigned N = 0; N != Length; ++N)
      Id = add(W, KindStruct, "s" + std::to_string(N), 8,
               {W.string("p"), add(W, KindPtr, "", Id), 0}, 1);
    Files.push_back(read(W));
  }
  EXPECT_EQ(merge(Files).Types.size(), 2 + 2 * (2 * Length + 1));
}

} // namespace
