// Loading of objects that are made by hand: one relocation or declaration in
// each, in both byte orders where it matters.

#include "backend/isa/Assembler.h"
#include "backend/isa/Encoding.h"
#include "runtime/load/Program.h"
#include "support/Diagnostic.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace bpfcc;
using isa::Op;
namespace ELF = llvm::ELF;

namespace {

class ObjectBuilder {
public:
  explicit ObjectBuilder(bool BigEndian = false) { O.BigEndian = BigEndian; }

  int32_t code(std::string Name, llvm::StringRef Text) {
    auto R = isa::assemble(Text);
    EXPECT_TRUE(bool(R));
    llvm::SmallVector<uint8_t, 0> Bytes;
    for (const isa::Inst &I : R->Insts)
      isa::encode(I, O.BigEndian, Bytes);
    return section(std::move(Name), {Bytes.begin(), Bytes.end()},
                   ELF::SHF_ALLOC | ELF::SHF_EXECINSTR);
  }
  int32_t section(std::string Name, std::vector<uint8_t> Data,
                  uint64_t Flags = ELF::SHF_ALLOC) {
    Section S;
    S.Name = std::move(Name);
    S.Size = Data.size();
    S.Data = std::move(Data);
    S.Flags = Flags;
    O.Sections.push_back(std::move(S));
    return int32_t(O.Sections.size() - 1);
  }
  uint32_t symbol(std::string Name, int32_t Section, uint64_t Value,
                  uint64_t Size, uint8_t Type, uint8_t Binding = 1) {
    O.Symbols.push_back({std::move(Name), Section, Value, Size, Binding, Type,
                         ELF::STV_DEFAULT});
    return uint32_t(O.Symbols.size() - 1);
  }
  uint32_t func(std::string Name, int32_t Section, uint64_t Value,
                uint64_t Size) {
    return symbol(std::move(Name), Section, Value, Size, ELF::STT_FUNC);
  }
  void reloc(int32_t Section, uint64_t Offset, uint32_t Type, uint32_t Symbol) {
    O.Sections[size_t(Section)].Relocs.push_back({Offset, Type, Symbol});
  }

  llvm::Expected<Program> load() { return loadProgram(O, "x.o"); }
  Program loaded() {
    auto P = load();
    if (!P) {
      ADD_FAILURE() << takeMessages(P.takeError());
      return {};
    }
    return std::move(*P);
  }
  std::string error() {
    auto P = load();
    return P ? "it loads" : takeMessages(P.takeError());
  }

  Object O;
};

std::vector<uint8_t> words(std::initializer_list<uint32_t> Words,
                           bool BigEndian = false) {
  std::vector<uint8_t> Bytes(Words.size() * 4);
  size_t At = 0;
  for (uint32_t W : Words) {
    llvm::support::endian::write32(&Bytes[At], W,
                                   BigEndian ? llvm::endianness::big
                                             : llvm::endianness::little);
    At += 4;
  }
  return Bytes;
}

using testing::HasSubstr;

class LoadTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Order, LoadTest, testing::Bool(),
                         [](const auto &Info) {
                           return Info.param ? "Big" : "Little";
                         });

TEST_P(LoadTest, ProgramsAndSubprograms) {
  ObjectBuilder B(GetParam());
  B.section("license", {'G', 'P', 'L', 0});
  int32_t Text = B.code(".text", "r0 = 1\nexit");
  int32_t Xdp = B.code("xdp", "r1 = 5 ll\nr0 = 2\nexit");
  B.func("helper", Text, 0, 16);
  B.func("prog", Xdp, 0, 32);
  Program P = B.loaded();
  EXPECT_EQ(P.License, "GPL");
  ASSERT_EQ(P.Subprogs.size(), 2u);
  EXPECT_FALSE(P.Subprogs[0].IsProgram);
  EXPECT_TRUE(P.Subprogs[1].IsProgram);
  EXPECT_EQ(P.Subprogs[1].Slots, (std::vector<uint32_t>{0, 2, 3}));
  EXPECT_EQ(P.Subprogs[1].Insts[0].Imm, 5);
}

TEST_P(LoadTest, CallsBySectionSymbolAndBySymbol) {
  ObjectBuilder B(GetParam());
  int32_t Text = B.code(".text", "r0 = 1\nexit\nr0 = 2\nexit");
  int32_t Xdp = B.code("xdp", "call pc+1\ncall pc-1\nexit");
  B.func("one", Text, 0, 16);
  uint32_t Two = B.func("two", Text, 16, 16);
  uint32_t Sec = B.symbol("", Text, 0, 0, ELF::STT_SECTION, 0);
  B.func("prog", Xdp, 0, 24);
  B.reloc(Xdp, 0, R_BPF_64_32, Sec); // .text, slot 1 + 1
  B.reloc(Xdp, 8, R_BPF_64_32, Two);
  Program P = B.loaded();
  ASSERT_EQ(P.Subprogs.size(), 3u);
  EXPECT_EQ(P.Subprogs[2].Insts[0].Imm, 1);
  EXPECT_EQ(P.Subprogs[2].Insts[1].Imm, 1);
}

TEST_P(LoadTest, CallsWithoutRelocation) {
  ObjectBuilder B(GetParam());
  int32_t Text = B.code(".text", "call pc+1\nexit\nr0 = 2\nexit");
  B.func("one", Text, 0, 16);
  B.func("two", Text, 16, 16);
  EXPECT_EQ(B.loaded().Subprogs[0].Insts[0].Imm, 1);
}

TEST_P(LoadTest, CallsIntoTheMiddleOfASymbol) {
  ObjectBuilder B(GetParam());
  int32_t Text =
      B.code(".text", "call pc+5\nr1 = 7 ll\ncall pc+4\nr0 += r1\nexit\n"
                      "call pc+1\nexit\nr0 = r1\nexit");
  B.func("main", Text, 0, 80);
  Program P = B.loaded();
  ASSERT_EQ(P.Subprogs.size(), 3u);
  EXPECT_EQ(P.Subprogs[0].Name, "main");
  EXPECT_EQ(P.Subprogs[0].Insts.size(), 5u);
  EXPECT_EQ(P.Subprogs[1].Name, "main+8");
  EXPECT_EQ(P.Subprogs[2].Name, "main+6");
  EXPECT_THAT(P.Subprogs[2].Slots, testing::ElementsAre(0, 1));
  EXPECT_EQ(P.Subprogs[0].Insts[0].Imm, 2);
  EXPECT_EQ(P.Subprogs[0].Insts[2].Imm, 1);
  EXPECT_EQ(P.Subprogs[2].Insts[0].Imm, 1);
}

TEST_P(LoadTest, LegacyMaps) {
  ObjectBuilder B(GetParam());
  int32_t Maps =
      B.section("maps", words({1, 4, 8, 16, 0, 2, 4, 2, 3, 1}, GetParam()));
  int32_t Xdp = B.code("xdp", "r1 = 0 ll\nr0 = 0\nexit");
  B.symbol("first", Maps, 0, 20, ELF::STT_OBJECT);
  uint32_t Second = B.symbol("second", Maps, 20, 20, ELF::STT_OBJECT);
  B.func("prog", Xdp, 0, 32);
  B.reloc(Xdp, 0, R_BPF_64_64, Second);
  Program P = B.loaded();
  ASSERT_EQ(P.Maps.size(), 2u);
  EXPECT_EQ(P.Maps[0].Name, "first");
  EXPECT_EQ(P.Maps[0].ValueSize, 8u);
  EXPECT_EQ(P.Maps[0].MaxEntries, 16u);
  EXPECT_EQ(P.Maps[1].Type, 2u);
  EXPECT_EQ(P.Maps[1].Flags, 1u);
  EXPECT_EQ(P.Subprogs[0].Insts[0].Opcode, Op::LD_MAP_FD);
  EXPECT_EQ(P.Subprogs[0].Insts[0].Imm, 1);
}

TEST_P(LoadTest, DataSectionsAreMaps) {
  ObjectBuilder B(GetParam());
  int32_t Data = B.section(".data", words({1, 2, 3}, GetParam()));
  Section Bss;
  Bss.Name = ".bss";
  Bss.Type = ELF::SHT_NOBITS;
  Bss.Size = 24;
  B.O.Sections.push_back(Bss);
  int32_t Xdp = B.code("xdp", "r1 = 4 ll\nr2 = 0 ll\nr0 = 0\nexit");
  uint32_t Sec = B.symbol("", Data, 0, 0, ELF::STT_SECTION, 0);
  uint32_t Var = B.symbol("counter", 1, 16, 8, ELF::STT_OBJECT);
  B.func("prog", Xdp, 0, 48);
  B.reloc(Xdp, 0, R_BPF_64_64, Sec);
  B.reloc(Xdp, 16, R_BPF_64_64, Var);
  Program P = B.loaded();
  ASSERT_EQ(P.Maps.size(), 2u);
  EXPECT_EQ(P.Maps[0].Name, ".data");
  EXPECT_EQ(P.Maps[0].ValueSize, 12u);
  EXPECT_EQ(P.Maps[1].ValueSize, 24u);
  ASSERT_EQ(P.Initial.size(), 1u);
  EXPECT_EQ(P.Initial[0].Value, words({1, 2, 3}, GetParam()));
  EXPECT_EQ(P.Subprogs[0].Insts[0].Opcode, Op::LD_MAP_VALUE);
  EXPECT_EQ(P.Subprogs[0].Insts[0].Imm, int64_t(4) << 32);
  EXPECT_EQ(P.Subprogs[0].Insts[1].Imm, 1 | int64_t(16) << 32);
  ASSERT_EQ(P.Variables.size(), 1u);
  EXPECT_EQ(P.Variables[0].Offset, 16u);
}

TEST_P(LoadTest, PointersInData) {
  ObjectBuilder B(GetParam());
  int32_t Data = B.section(".data", words({0, 0}, GetParam()));
  llvm::support::endian::write64(B.O.Sections[size_t(Data)].Data.data(), 3,
                                 GetParam() ? llvm::endianness::big
                                            : llvm::endianness::little);
  int32_t Strings = B.section(".rodata.str1.1", {'a', 0, 'b', 'c', 0});
  uint32_t Sec = B.symbol("", Strings, 0, 0, ELF::STT_SECTION, 0);
  B.reloc(Data, 0, R_BPF_64_ABS64, Sec);
  Program P = B.loaded();
  ASSERT_EQ(P.DataPointers.size(), 1u);
  EXPECT_EQ(P.DataPointers[0].What, Program::DataPointer::Value);
  EXPECT_EQ(P.DataPointers[0].Target, 1u);
  EXPECT_EQ(P.DataPointers[0].Addend, 3u);
  EXPECT_EQ(P.DataPointers[0].Size, 8u);
  EXPECT_EQ(P.Maps[1].Flags, 1u << 7); // BPF_F_RDONLY_PROG
}

TEST(Load, FunctionAddresses) {
  ObjectBuilder B;
  int32_t Text = B.code(".text", "r0 = 1\nexit\nr0 = 2\nexit");
  int32_t Xdp = B.code("xdp", "r1 = 16 ll\nr0 = 0\nexit");
  B.func("one", Text, 0, 16);
  B.func("two", Text, 16, 16);
  uint32_t Sec = B.symbol("", Text, 0, 0, ELF::STT_SECTION, 0);
  B.func("prog", Xdp, 0, 32);
  B.reloc(Xdp, 0, R_BPF_64_64, Sec);
  Program P = B.loaded();
  EXPECT_EQ(P.Subprogs[2].Insts[0].Opcode, Op::LD_FUNC);
  EXPECT_EQ(P.Subprogs[2].Insts[0].Imm, 1);
}

TEST(Load, ExternsKeepTheirNames) {
  ObjectBuilder B;
  int32_t Xdp = B.code("xdp", "r1 = 0 ll\nr2 = 0 ll\ncall pc-1\nr0 = 0\nexit");
  uint32_t Strong = B.symbol("bpf_prog_active", -1, 0, 0, ELF::STT_NOTYPE);
  uint32_t Weak = B.symbol("maybe", -1, 0, 0, ELF::STT_NOTYPE, ELF::STB_WEAK);
  uint32_t Kfunc = B.symbol("bpf_task_acquire", -1, 0, 0, ELF::STT_NOTYPE);
  B.func("prog", Xdp, 0, 56);
  B.reloc(Xdp, 0, R_BPF_64_64, Strong);
  B.reloc(Xdp, 16, R_BPF_64_64, Weak);
  B.reloc(Xdp, 32, R_BPF_64_32, Kfunc);
  Program P = B.loaded();
  const auto &Insts = P.Subprogs[0].Insts;
  EXPECT_EQ(Insts[0].Opcode, Op::LD_BTF_ID);
  EXPECT_EQ(P.Externs[size_t(Insts[0].Imm)], "bpf_prog_active");
  EXPECT_EQ(Insts[1].Opcode, Op::LD_IMM64);
  EXPECT_EQ(Insts[1].Imm, 0);
  EXPECT_EQ(Insts[2].Opcode, Op::CALL_KFUNC);
  EXPECT_EQ(P.Externs[size_t(Insts[2].Imm)], "bpf_task_acquire");
}

TEST(Load, RefusesWhatLeadsNowhere) {
  {
    ObjectBuilder B;
    B.func("prog", B.code("xdp", "r0 = 0\nexit"), 8, 16);
    EXPECT_THAT(B.error(), HasSubstr("`prog` does not lie in section `xdp`"));
  }
  {
    ObjectBuilder B;
    int32_t Xdp = B.code("xdp", "r0 = 0\nexit");
    B.func("prog", Xdp, 0, 16);
    B.reloc(Xdp, 0, R_BPF_64_64, 7);
    EXPECT_THAT(B.error(), HasSubstr("a symbol that does not exist"));
  }
  {
    ObjectBuilder B;
    int32_t Xdp = B.code("xdp", "r1 = 0 ll\nr0 = 0\nexit");
    uint32_t F = B.func("prog", Xdp, 0, 32);
    B.reloc(Xdp, 8, R_BPF_64_64, F);
    EXPECT_THAT(B.error(), HasSubstr("`xdp+8` lies on no instruction"));
  }
  {
    ObjectBuilder B;
    int32_t Xdp = B.code("xdp", "r0 = 0\nexit");
    uint32_t F = B.func("prog", Xdp, 0, 16);
    B.reloc(Xdp, 0, R_BPF_64_64, F);
    EXPECT_THAT(B.error(), HasSubstr("does not suit its instruction"));
  }
  {
    ObjectBuilder B;
    int32_t Xdp = B.code("xdp", "call pc+9\nexit");
    B.func("prog", Xdp, 0, 16);
    EXPECT_THAT(B.error(), HasSubstr("where no function starts"));
  }
  {
    ObjectBuilder B;
    B.section(".maps", std::vector<uint8_t>(8));
    EXPECT_THAT(B.error(), HasSubstr("no description in .BTF"));
  }
  {
    ObjectBuilder B;
    B.section(".BTF", {0x9f, 0xeb, 1, 0});
    EXPECT_THAT(B.error(), HasSubstr(".BTF is shorter than its header"));
  }
  {
    ObjectBuilder B;
    int32_t Maps = B.section("maps", words({1, 4, 8}));
    B.symbol("short_one", Maps, 0, 12, ELF::STT_OBJECT);
    EXPECT_THAT(B.error(), HasSubstr("shorter than a struct bpf_map_def"));
  }
}

} // namespace
