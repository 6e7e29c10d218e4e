#include "backend/object/ElfFile.h"
#include "support/Diagnostic.h"

#include "llvm/BinaryFormat/ELF.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <random>

using namespace bpfcc;
namespace ELF = llvm::ELF;

namespace {

Object sample(bool BigEndian) {
  Object O;
  O.BigEndian = BigEndian;
  Section Code;
  Code.Name = "xdp";
  Code.Flags = ELF::SHF_ALLOC | ELF::SHF_EXECINSTR;
  Code.Align = 8;
  Code.Data = {0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0};
  Code.Size = Code.Data.size();
  Code.Relocs = {{0, R_BPF_64_64, 1}, {8, R_BPF_64_32, 0}};
  Section Bss;
  Bss.Name = ".bss";
  Bss.Type = ELF::SHT_NOBITS;
  Bss.Flags = ELF::SHF_ALLOC | ELF::SHF_WRITE;
  Bss.Align = 4;
  Bss.Size = 12;
  O.Sections = {Code, Bss};
  O.Symbols = {{"extern_thing", -1, 0, 0, ELF::STB_GLOBAL, 0, 0},
               {"", 1, 0, 0, ELF::STB_LOCAL, ELF::STT_SECTION, 0},
               {"pass", 0, 0, 16, ELF::STB_GLOBAL, ELF::STT_FUNC, 2}};
  return O;
}

/// st_info, st_other and st_shndx of a global symbol that is not defined.
constexpr uint8_t UndefinedSymbol[] = {0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

class ElfRoundTrip : public testing::TestWithParam<bool> {};

TEST_P(ElfRoundTrip, KeepsEverything) {
  Object O = sample(GetParam());
  std::vector<uint8_t> Bytes = writeElf(O);
  auto Back = readElf(Bytes, "t.o");
  ASSERT_TRUE(bool(Back));
  EXPECT_EQ(Back->BigEndian, GetParam());
  ASSERT_EQ(Back->Sections.size(), 2u);
  EXPECT_EQ(Back->Sections[0].Data, O.Sections[0].Data);
  EXPECT_EQ(Back->Sections[1].Size, 12u);
  EXPECT_TRUE(Back->Sections[1].Data.empty());
  // Local symbols have moved to the front, and relocations with them.
  ASSERT_EQ(Back->Symbols.size(), 3u);
  EXPECT_EQ(Back->Symbols[0].Type, ELF::STT_SECTION);
  EXPECT_EQ(Back->Symbols[1].Name, "extern_thing");
  EXPECT_EQ(Back->Symbols[1].Section, -1);
  EXPECT_EQ(Back->Symbols[2].Visibility, 2);
  ASSERT_EQ(Back->Sections[0].Relocs.size(), 2u);
  EXPECT_EQ(Back->Sections[0].Relocs[0].Symbol, 0u);
  EXPECT_EQ(Back->Sections[0].Relocs[1].Symbol, 1u);
  EXPECT_EQ(writeElf(*Back), Bytes);
}

TEST_P(ElfRoundTrip, DamageIsRefusedOrRead) {
  std::vector<uint8_t> Good = writeElf(sample(GetParam()));
  std::mt19937 Random(7);
  unsigned Refused = 0;
  for (unsigned N = 0; N < 20000; ++N) {
    std::vector<uint8_t> Bytes = Good;
    for (unsigned K = 1 + Random() % 4; K; --K)
      Bytes[Random() % Bytes.size()] = uint8_t(Random());
    if (N % 3 == 0)
      Bytes.resize(Random() % Bytes.size());
    auto O = readElf(Bytes, "t.o");
    if (O)
      continue;
    ++Refused;
    EXPECT_FALSE(takeMessages(O.takeError()).empty());
  }
  EXPECT_GT(Refused, 1000u);
}

INSTANTIATE_TEST_SUITE_P(Orders, ElfRoundTrip, testing::Bool());

TEST(ElfReader, SaysWhatIsWrong) {
  std::vector<uint8_t> Bytes = writeElf(sample(false));
  auto Message = [&] {
    return takeMessages(readElf(Bytes, "t.o").takeError());
  };
  Bytes[18] = 62;
  EXPECT_EQ(Message(),
            "not a usable BPF object: it is for machine 62, not for BPF");
  Bytes[18] = 247;
  // Of the first section that counts: sh_addralign.
  Bytes[size_t(Bytes[40] | Bytes[41] << 8) + 64 + 48 + 3] = 0x80;
  Bytes[size_t(Bytes[40] | Bytes[41] << 8) + 64 + 48] = 0;
  EXPECT_EQ(Message(), "not a usable BPF object: section `xdp` has an "
                       "impossible alignment");
  Bytes.resize(40);
  EXPECT_EQ(Message(), "not a usable BPF object: the file is shorter than an "
                       "ELF header");
}

TEST(ElfReader, AbsoluteSymbolsAreNoPlaces) {
  std::vector<uint8_t> Bytes = writeElf(sample(false));
  auto At = std::search(Bytes.begin(), Bytes.end(), std::begin(UndefinedSymbol),
                        std::end(UndefinedSymbol));
  ASSERT_NE(At, Bytes.end());
  At[2] = 0xf1; // SHN_ABS, 0xfff1
  At[3] = 0xff;
  EXPECT_EQ(takeMessages(readElf(Bytes, "t.o").takeError()),
            "not a usable BPF object: a relocation of `xdp` names "
            "`extern_thing`, which is a number and no place");
}

} // namespace
