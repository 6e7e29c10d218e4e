// The disassembler against llvm-objdump-22: equal text for generated
// instructions of every row, in both byte orders.

#include "RandomInst.h"

#include "backend/isa/Disassembler.h"
#include "backend/object/ElfFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

#include <gtest/gtest.h>

using namespace bpfcc;
using namespace bpfcc::isa;

/// What llvm-objdump-22 prints for the instructions, one line each; slots that
/// belong to no instruction of their own have no line.
static std::vector<std::string> objdump(const std::vector<Inst> &Insts,
                                        bool BigEndian) {
  Object O;
  O.BigEndian = BigEndian;
  Section S;
  S.Name = ".text";
  S.Flags = 6; // SHF_ALLOC | SHF_EXECINSTR
  S.Align = 8;
  for (const Inst &I : Insts) {
    llvm::SmallVector<uint8_t, 16> Bytes;
    encode(I, BigEndian, Bytes);
    S.Data.insert(S.Data.end(), Bytes.begin(), Bytes.end());
  }
  S.Size = S.Data.size();
  O.Sections.push_back(std::move(S));
  std::vector<uint8_t> File = writeElf(O);

  llvm::SmallString<128> In, Out;
  int Fd;
  EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("isa", "o", Fd, In));
  llvm::FileRemover RemoveIn(In);
  llvm::raw_fd_ostream(Fd, true).write(
      reinterpret_cast<const char *>(File.data()), File.size());
  EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("isa", "txt", Out));
  llvm::FileRemover RemoveOut(Out);
  auto Tool = llvm::sys::findProgramByName("llvm-objdump-22");
  if (!Tool)
    return {};
  std::optional<llvm::StringRef> Redirects[] = {
      std::nullopt, llvm::StringRef(Out), std::nullopt};
  int Status = llvm::sys::ExecuteAndWait(*Tool,
                                         {*Tool, "-d", "--no-show-raw-insn",
                                          "--no-leading-addr", "--no-addresses",
                                          "--mcpu=v4", "-z", In},
                                         std::nullopt, Redirects);
  EXPECT_EQ(Status, 0);
  auto Buffer = llvm::MemoryBuffer::getFile(Out);
  if (!Buffer)
    return {};
  std::vector<std::string> Lines;
  llvm::StringRef Rest = (*Buffer)->getBuffer().split("<.text>:\n").second;
  while (!Rest.empty()) {
    llvm::StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    Line = Line.trim();
    // The name of the place that a jump goes to follows its distance.
    if (Line.ends_with(">"))
      Line = Line.rsplit(" <").first;
    Lines.push_back(Line.str());
  }
  return Lines;
}

/// Our text for \p I, but for two things that llvm-objdump does not print:
/// the ld_imm64 kinds, of which it shows src and the low half, and the
/// immediate of the indirect packet loads.
static std::string expected(Inst I) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  if (form(I.Opcode) == Form::Imm64 && I.Opcode != Op::LD_IMM64) {
    OS << "ld_pseudo\tr" << unsigned(I.Dst) << ", 0x" << info(I.Opcode).KeyValue
       << ", 0x" << llvm::utohexstr(uint32_t(I.Imm), true);
    return Text;
  }
  if (form(I.Opcode) == Form::Ind)
    I.Imm = 0;
  print(OS, I, {.PlainKinds = true});
  return Text;
}

class ObjdumpTest : public testing::TestWithParam<bool> {};

TEST_P(ObjdumpTest, PrintsTheSameText) {
  if (!llvm::sys::findProgramByName("llvm-objdump-22"))
    GTEST_SKIP() << "llvm-objdump-22 is not installed";
  std::mt19937_64 Random(GetParam() ? 11 : 10);
  std::vector<Inst> Insts;
  for (unsigned N = 0; N < 100000; ++N)
    Insts.push_back(randomInst(Op(N % NumOps), Random));
  std::vector<std::string> Theirs = objdump(Insts, GetParam());
  ASSERT_EQ(Theirs.size(), Insts.size());
  unsigned Differences = 0;
  for (size_t N = 0; N < Insts.size(); ++N) {
    std::string Ours = expected(Insts[N]);
    if (Ours != Theirs[N] && ++Differences < 200)
      ADD_FAILURE() << info(Insts[N].Opcode).Name << ": ours `" << Ours
                    << "`, theirs `" << Theirs[N] << "`";
  }
  EXPECT_EQ(Differences, 0u);
}

INSTANTIATE_TEST_SUITE_P(BothByteOrders, ObjdumpTest,
                         testing::Values(false, true));
