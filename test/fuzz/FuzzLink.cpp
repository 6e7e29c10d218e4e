// Damaged objects in a link: refused with a reason, or linked, and then the
// result is an object again that links to itself.
//
// The input says which bytes of two good objects to change, three bytes for
// each: place (16 bits) and value; the first byte chooses options and order.

#include "backend/btf/ExtWriter.h"
#include "backend/link/Link.h"
#include "backend/object/ElfFile.h"
#include "support/Diagnostic.h"

#include "llvm/BinaryFormat/ELF.h"

#include <cstdlib>

using namespace bpfcc;
namespace ELF = llvm::ELF;

static uint32_t add(btf::Writer &W, btf::Kind K, llvm::StringRef Name,
                    uint32_t SizeOrType, std::vector<uint32_t> Words = {},
                    uint32_t Length = 0) {
  btf::Type T;
  T.Name = W.string(Name);
  T.K = K;
  T.SizeOrType = SizeOrType;
  T.Words = std::move(Words);
  T.Length = Length;
  return W.add(std::move(T));
}

static Section section(const char *Name, uint64_t Flags,
                       std::vector<uint8_t> Data) {
  Section S;
  S.Name = Name;
  S.Flags = Flags;
  S.Align = 8;
  S.Size = Data.size();
  S.Data = std::move(Data);
  return S;
}

static void addTypes(Object &O, bool First) {
  btf::Writer W;
  btf::ExtWriter Ext;
  uint32_t Int = add(W, btf::KindInt, "int", 4, {btf::IntSigned << 24 | 32});
  uint32_t Array = add(W, btf::KindArray, "", 0, {Int, Int, 2});
  uint32_t Ptr = add(W, btf::KindPtr, "", Array);
  uint32_t Self = add(W, btf::KindPtr, "", 5);
  add(W, btf::KindStruct, "node", 24,
      {W.string("next"), Self, 0, W.string("type"), Ptr, 64, W.string("n"), Int,
       128},
      3);
  add(W, btf::KindFwd, "later", 0);
  uint32_t Proto =
      add(W, btf::KindFuncProto, "", Int, {W.string("n"), Self}, 1);
  uint32_t Main =
      add(W, btf::KindFunc, First ? "main" : "other", Proto, {}, btf::Global);
  uint32_t Shared = add(W, btf::KindFunc, "shared", Proto, {},
                        First ? btf::Extern : btf::Global);
  add(W, btf::KindDeclTag, "tag", Main, {0});
  uint32_t Map = add(W, btf::KindVar, "map", 5, {btf::Global});
  uint32_t Own = add(W, btf::KindVar, "own", Int, {btf::Static});
  uint32_t Config = add(W, btf::KindVar, "CONFIG", Int, {btf::Extern});
  add(W, btf::KindDatasec, ".maps", 0, {Map, 0, 24}, 1);
  add(W, btf::KindDatasec, ".data", 0, {Own, 0, 4}, 1);
  add(W, btf::KindDatasec, ".kconfig", 0, {Config, 0, 4}, 1);
  uint32_t File = W.string("a.c"), Text = W.string("return 1;");
  for (const char *Name : {"xdp", ".text"}) {
    Ext.section(Name).addFunction(0, Name[0] == 'x' ? Main : Shared);
    Ext.section(Name).addLine(0, File, Text, 3, 2);
  }
  Ext.section("xdp").addRelocation(8, 5, W.string("0:1"), 6);
  std::vector<uint8_t> ExtBytes = Ext.encode(W, O.BigEndian);
  O.Sections.push_back(section(".BTF", 0, W.encode(O.BigEndian)));
  O.Sections.push_back(section(".BTF.ext", 0, std::move(ExtBytes)));
}

static std::vector<uint8_t> sample(bool First) {
  constexpr uint64_t Code = ELF::SHF_ALLOC | ELF::SHF_EXECINSTR;
  constexpr uint64_t Data = ELF::SHF_ALLOC | ELF::SHF_WRITE;
  Object O;
  // r1 = map ll; call shared; r2 = .data ll; call .text+16; exit
  std::vector<uint8_t> Main(56);
  for (auto [At, Byte] : {std::pair(0, 0x18),
                          {17, 0x10},
                          {16, 0x85},
                          {20, 0xff},
                          {21, 0xff},
                          {22, 0xff},
                          {23, 0xff},
                          {24, 0x18},
                          {40, 0x85},
                          {41, 0x10},
                          {44, 1},
                          {48, 0x95}})
    Main[size_t(At)] = uint8_t(Byte);
  // call +0; exit; r0 = 0; exit
  std::vector<uint8_t> Text(32);
  for (auto [At, Byte] : {std::pair(0, 0x85),
                          {1, 0x10},
                          {4, 1},
                          {8, 0x95},
                          {16, 0xb7},
                          {24, 0x95}})
    Text[size_t(At)] = uint8_t(Byte);
  O.Sections.push_back(section("xdp", Code, std::move(Main)));
  O.Sections.push_back(section(".text", Code, std::move(Text)));
  O.Sections.push_back(section(".maps", Data, std::vector<uint8_t>(24)));
  O.Sections.push_back(section(".data", Data, std::vector<uint8_t>(8)));
  O.Sections.push_back(section("license", Data, {'G', 'P', 'L', 0}));
  O.Symbols = {
      {"", 1, 0, 0, ELF::STB_LOCAL, ELF::STT_SECTION, 0},
      {"", 3, 0, 0, ELF::STB_LOCAL, ELF::STT_SECTION, 0},
      {"own", 3, 0, 4, ELF::STB_LOCAL, ELF::STT_OBJECT, 0},
      {"step", 1, 16, 16, ELF::STB_LOCAL, ELF::STT_FUNC, 0},
      {First ? "main" : "other", 0, 0, 56, ELF::STB_GLOBAL, ELF::STT_FUNC, 0},
      {"shared", 1, 0, 16, uint8_t(First ? ELF::STB_WEAK : ELF::STB_GLOBAL),
       ELF::STT_FUNC, 0},
      {"map", 2, 0, 24, ELF::STB_GLOBAL, ELF::STT_OBJECT, 0},
      {"CONFIG", -1, 0, 0, ELF::STB_GLOBAL, 0, 0}};
  O.Sections[0].Relocs = {{0, R_BPF_64_64, 6},
                          {16, R_BPF_64_32, 5},
                          {24, R_BPF_64_64, 1},
                          {40, R_BPF_64_32, 0}};
  O.Sections[3].Relocs = {{0, R_BPF_64_ABS64, 7}};
  addTypes(O, First);
  return writeElf(O);
}

static int requireReason(llvm::Error E) {
  if (takeMessages(std::move(E)).empty())
    __builtin_trap();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  static const std::vector<uint8_t> Good[] = {sample(true), sample(false)};
  std::vector<uint8_t> Bytes[] = {Good[0], Good[1]};
  uint8_t Choice = Size ? Data[0] : 0;
  for (size_t At = 1; At + 3 <= Size; At += 3) {
    size_t Place = size_t(Data[At] << 8 | Data[At + 1]);
    std::vector<uint8_t> &Which = Bytes[Place & 1];
    Which[(Place >> 1) % Which.size()] = Data[At + 2];
  }
  std::vector<LinkInput> Inputs;
  for (unsigned N : {0u, 1u}) {
    auto O = readElf(Bytes[(N + Choice) & 1], "fuzz.o");
    if (!O)
      return requireReason(O.takeError());
    Inputs.push_back({"fuzz.o", std::move(*O)});
  }
  LinkOptions Options;
  Options.Partial = Choice & 2;
  Options.GcSections = Choice & 4;
  if (Choice & 8)
    Options.Exports.push_back("shared");
  auto Linked = linkObjects(std::move(Inputs), Options);
  if (!Linked && Size <= 1)
    __builtin_trap(); // the objects as they are link
  if (!Linked)
    return requireReason(Linked.takeError());
  std::string Map;
  llvm::raw_string_ostream OS(Map);
  printLinkMap(OS, Linked->Map);
  auto Back = readElf(writeElf(Linked->Obj), "linked.o");
  if (!Back)
    __builtin_trap();
  std::vector<LinkInput> Again;
  Again.push_back({"linked.o", std::move(*Back)});
  Options.Exports.clear();
  auto Relinked = linkObjects(std::move(Again), Options);
  return Relinked ? 0 : requireReason(Relinked.takeError());
}
