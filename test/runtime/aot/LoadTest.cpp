// The bytes of native code: what is in them, and what reading makes of damaged
// ones.

#include "runtime/aot/Load.h"
#include "backend/isa/Assembler.h"
#include "backend/isa/Encoding.h"
#include "runtime/aot/Emit.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <random>

using namespace bpfcc;

namespace {

constexpr llvm::StringRef Object = "the bytes of an object";

Program program() {
  Program P;
  Subprog S;
  S.Name = "divide";
  S.Section = "raw_tp/x";
  S.IsProgram = true;
  S.Insts = llvm::cantFail(isa::assemble("r0 = *(u64 *)(r1 + 0)\nr1 = 7\n"
                                         "r1 /= r0\nr0 *= r1\nexit"))
                .Insts;
  for (uint32_t N = 0; N != S.Insts.size(); ++N)
    S.Slots.push_back(N);
  P.Subprogs.push_back(std::move(S));
  return P;
}

std::string native(const aot::Target &T) {
  auto Code =
      aot::emitNative(program(), T, llvm::arrayRefFromStringRef(Object));
  EXPECT_TRUE(bool(Code)) << takeMessages(Code.takeError());
  EXPECT_TRUE(Code->Interpreted.empty());
  return Code->Bytes;
}

auto embedded(llvm::StringRef File) {
  return aot::embeddedObject(llvm::arrayRefFromStringRef(File), "x.so");
}

TEST(Native, IsTheSameEachTime) {
  for (const aot::Target &T : aot::targets())
    EXPECT_EQ(native(T), native(T)) << T.Name;
}

TEST(Native, HoldsItsObject) {
  if (!aot::hostTarget())
    GTEST_SKIP() << "there is no native code for this machine";
  std::string File = native(*aot::hostTarget());
  auto Found = embedded(File);
  ASSERT_TRUE(bool(Found)) << takeMessages(Found.takeError());
  ASSERT_TRUE(Found->has_value());
  EXPECT_EQ(llvm::toStringRef(**Found), Object);
}

TEST(Native, OfAnotherMachineIsRefused) {
  for (const aot::Target &T : aot::targets()) {
    if (&T == aot::hostTarget())
      continue;
    auto Found = embedded(native(T));
    EXPECT_THAT(
        takeMessages(Found.takeError()),
        testing::StartsWith("`x.so` is code for " + std::string(T.Words)));
  }
}

TEST(Native, DamagedFilesAreReadOrRefused) {
  std::mt19937 Random(1);
  for (const aot::Target &T : aot::targets()) {
    const std::string Good = native(T);
    for (unsigned N = 0; N != 3000; ++N) {
      std::string File = Good;
      // Mostly in the ELF header and in the section headers, at the end.
      for (unsigned Count = 1 + Random() % 4; Count--;) {
        size_t At = Random() % 3 == 0   ? Random() % File.size()
                    : Random() % 2 == 0 ? Random() % 64
                                        : File.size() - 1 - Random() % 1024;
        File[At] = char(Random() % 2 ? Random() : Random() % 2 ? 0 : 255);
      }
      if (Random() % 8 == 0)
        File.resize(Random() % File.size());
      auto Found = embedded(File);
      if (!Found)
        EXPECT_NE(takeMessages(Found.takeError()), "");
    }
  }
}

} // namespace
