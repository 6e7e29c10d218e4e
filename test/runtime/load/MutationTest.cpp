// Damaged objects: real ones, mutated. Each is refused with a message or
// loaded; none ends the process.

#include "backend/object/ElfFile.h"
#include "runtime/load/Program.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

#include "gtest/gtest.h"

#include <cstdlib>
#include <random>

using namespace bpfcc;

namespace {

std::vector<uint8_t> compile(llvm::StringRef Target) {
  const char *Sources = std::getenv("BPFCC_SOURCE_DIR");
  const char *Compiler = std::getenv("BPFCC_BIN");
  if (!Sources || !Compiler)
    return {};
  llvm::SmallString<128> Output;
  if (llvm::sys::fs::createTemporaryFile("bpfcc-mutation", "o", Output))
    return {};
  std::string Source =
      std::string(Sources) + "/test/runtime/load/Inputs/object.c";
  std::string TargetOption = ("--target=" + Target).str();
  llvm::StringRef Args[] = {Compiler, TargetOption, "-g",  "-c",
                            Source,   "-o",         Output};
  std::vector<uint8_t> Bytes;
  if (llvm::sys::ExecuteAndWait(Compiler, Args) == 0)
    if (auto Buffer = llvm::MemoryBuffer::getFile(Output))
      Bytes.assign((*Buffer)->getBuffer().bytes_begin(),
                   (*Buffer)->getBuffer().bytes_end());
  llvm::sys::fs::remove(Output);
  return Bytes;
}

class Mutation : public testing::TestWithParam<const char *> {};

TEST_P(Mutation, NeverEndsTheProcess) {
  std::vector<uint8_t> Good = compile(GetParam());
  ASSERT_FALSE(Good.empty());
  std::mt19937 Random(11);
  unsigned Refused = 0, Loaded = 0;
  constexpr unsigned Rounds = 6000;
  for (unsigned N = 0; N < Rounds; ++N) {
    std::vector<uint8_t> Bytes = Good;
    for (unsigned K = 1 + Random() % 8; K; --K) {
      size_t At = Random() % Bytes.size();
      Bytes[At] = Random() % 2 ? uint8_t(Random()) : uint8_t(Bytes[At] + 1);
    }
    if (N % 4 == 0)
      Bytes.resize(Random() % Bytes.size());
    auto O = readElf(Bytes, "t.o");
    llvm::Error E = O ? llvm::Error::success() : O.takeError();
    if (!E) {
      auto P = loadProgram(*O, "t.o");
      if (!P)
        E = P.takeError();
    }
    if (!E) {
      ++Loaded;
      continue;
    }
    ++Refused;
    EXPECT_FALSE(takeMessages(std::move(E)).empty());
  }
  EXPECT_GT(Refused, Rounds / 4);
  EXPECT_GT(Loaded, 0u);
}

INSTANTIATE_TEST_SUITE_P(Orders, Mutation, testing::Values("bpfel", "bpfeb"));

} // namespace
