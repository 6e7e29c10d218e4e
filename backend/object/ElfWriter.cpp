// ELF out.
//
// needs: an Object
// gives: ELF header, section data, .rel sections, .symtab, .strtab, .shstrtab
//        and the section headers, in that order
//
// Relocations have no addend of their own (REL): it stands in the bytes that
// they change, as consumers of EM_BPF expect.

#include "backend/object/ElfFile.h"

#include "llvm/ADT/CachedHashString.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/raw_ostream.h"

#include <deque>

namespace bpfcc {

using namespace llvm;

namespace {

/// A string table that holds each string once; they live elsewhere.
class StringTable {
public:
  uint32_t add(StringRef S) {
    if (S.empty())
      return 0;
    auto [It, New] = Offsets.try_emplace(CachedHashStringRef(S), Bytes.size());
    if (New) {
      Bytes += S;
      Bytes += '\0';
    }
    return It->second;
  }
  const std::string &bytes() const { return Bytes; }

private:
  std::string Bytes = std::string(1, '\0');
  DenseMap<CachedHashStringRef, uint32_t> Offsets;
};

struct Header {
  uint32_t Name = 0, Type = 0;
  uint64_t Flags = 0, Offset = 0, Size = 0;
  uint32_t Link = 0, Info = 0;
  uint64_t Align = 0, EntrySize = 0;
};

class Writer {
public:
  explicit Writer(const Object &O)
      : O(O), OS(Bytes),
        Out(OS, O.BigEndian ? endianness::big : endianness::little) {}

  std::vector<uint8_t> run() {
    orderSymbols();
    OS.write_zeros(sizeof(ELF::Elf64_Ehdr));
    Headers.emplace_back();
    uint32_t NumRelSections = uint32_t(count_if(
        O.Sections, [](const Section &S) { return !S.Relocs.empty(); }));
    SymtabIndex = uint32_t(O.Sections.size()) + NumRelSections + 1;
    for (const Section &S : O.Sections)
      data(S);
    for (uint32_t I = 0; I < O.Sections.size(); ++I)
      if (!O.Sections[I].Relocs.empty())
        relocations(O.Sections[I], I + 1);
    symbols();
    table(".strtab", Names);
    SectionNames.add(".shstrtab");
    table(".shstrtab", SectionNames);
    uint64_t At = pad(8);
    for (const Header &H : Headers)
      write(H);
    std::vector<uint8_t> Result(Bytes.begin(), Bytes.end());
    fileHeader(Result, At);
    return Result;
  }

private:
  uint64_t pad(uint64_t Alignment) {
    OS.write_zeros(
        unsigned(offsetToAlignment(OS.tell(), llvm::Align(Alignment))));
    return OS.tell();
  }

  /// Local symbols must come first; order is kept otherwise.
  void orderSymbols() {
    NewIndex.resize(O.Symbols.size());
    for (bool Local : {true, false})
      for (uint32_t I = 0; I < O.Symbols.size(); ++I)
        if ((O.Symbols[I].Binding == ELF::STB_LOCAL) == Local) {
          Order.push_back(I);
          NewIndex[I] = uint32_t(Order.size());
        }
  }

  void data(const Section &S) {
    Header H;
    H.Name = SectionNames.add(S.Name);
    H.Type = S.Type;
    H.Flags = S.Flags;
    H.Align = std::max(1u, S.Align);
    H.EntrySize = S.EntrySize;
    H.Offset = pad(H.Align);
    H.Size = S.Type == ELF::SHT_NOBITS ? S.Size : S.Data.size();
    if (S.Type != ELF::SHT_NOBITS)
      OS.write(reinterpret_cast<const char *>(S.Data.data()), S.Data.size());
    Headers.push_back(H);
  }

  void relocations(const Section &S, uint32_t Target) {
    Header H;
    H.Name = SectionNames.add(RelNames.emplace_back(".rel" + S.Name));
    H.Type = ELF::SHT_REL;
    H.Flags = ELF::SHF_INFO_LINK;
    H.Link = SymtabIndex;
    H.Info = Target;
    H.Align = 8;
    H.EntrySize = sizeof(ELF::Elf64_Rel);
    H.Offset = pad(H.Align);
    std::vector<Relocation> Sorted = S.Relocs;
    stable_sort(Sorted, [](const Relocation &A, const Relocation &B) {
      return A.Offset < B.Offset;
    });
    for (const Relocation &R : Sorted) {
      Out.write<uint64_t>(R.Offset);
      Out.write<uint64_t>(uint64_t(NewIndex[R.Symbol]) << 32 | R.Type);
    }
    H.Size = OS.tell() - H.Offset;
    Headers.push_back(H);
  }

  void symbols() {
    Header H;
    H.Name = SectionNames.add(".symtab");
    H.Type = ELF::SHT_SYMTAB;
    H.Link = SymtabIndex + 1;
    H.Align = 8;
    H.EntrySize = sizeof(ELF::Elf64_Sym);
    H.Offset = pad(H.Align);
    OS.write_zeros(sizeof(ELF::Elf64_Sym));
    H.Info = 1;
    for (uint32_t I : Order) {
      const Symbol &S = O.Symbols[I];
      H.Info += S.Binding == ELF::STB_LOCAL;
      Out.write<uint32_t>(Names.add(S.Name));
      Out.write<uint8_t>(uint8_t(S.Binding << 4 | S.Type));
      Out.write<uint8_t>(S.Visibility);
      Out.write<uint16_t>(S.Section < 0 ? uint16_t(ELF::SHN_UNDEF)
                                        : uint16_t(S.Section + 1));
      Out.write<uint64_t>(S.Value);
      Out.write<uint64_t>(S.Size);
    }
    H.Size = OS.tell() - H.Offset;
    Headers.push_back(H);
  }

  void table(const char *Name, const StringTable &T) {
    Header H;
    H.Name = SectionNames.add(Name);
    H.Type = ELF::SHT_STRTAB;
    H.Align = 1;
    H.Offset = OS.tell();
    H.Size = T.bytes().size();
    OS << T.bytes();
    Headers.push_back(H);
  }

  void write(const Header &H) {
    Out.write<uint32_t>(H.Name);
    Out.write<uint32_t>(H.Type);
    Out.write<uint64_t>(H.Flags);
    Out.write<uint64_t>(0);
    Out.write<uint64_t>(H.Offset);
    Out.write<uint64_t>(H.Size);
    Out.write<uint32_t>(H.Link);
    Out.write<uint32_t>(H.Info);
    Out.write<uint64_t>(H.Align);
    Out.write<uint64_t>(H.EntrySize);
  }

  void fileHeader(std::vector<uint8_t> &File, uint64_t HeadersAt) const {
    SmallString<64> Text;
    raw_svector_ostream HeaderStream(Text);
    support::endian::Writer W(HeaderStream, O.BigEndian ? endianness::big
                                                        : endianness::little);
    HeaderStream << StringRef(ELF::ElfMagic, 4);
    W.write<uint8_t>(ELF::ELFCLASS64);
    W.write<uint8_t>(O.BigEndian ? ELF::ELFDATA2MSB : ELF::ELFDATA2LSB);
    W.write<uint8_t>(ELF::EV_CURRENT);
    HeaderStream.write_zeros(ELF::EI_NIDENT - ELF::EI_OSABI);
    W.write<uint16_t>(ELF::ET_REL);
    W.write<uint16_t>(ELF::EM_BPF);
    W.write<uint32_t>(ELF::EV_CURRENT);
    W.write<uint64_t>(0);
    W.write<uint64_t>(0);
    W.write<uint64_t>(HeadersAt);
    W.write<uint32_t>(0);
    W.write<uint16_t>(sizeof(ELF::Elf64_Ehdr));
    W.write<uint16_t>(0);
    W.write<uint16_t>(0);
    W.write<uint16_t>(sizeof(ELF::Elf64_Shdr));
    W.write<uint16_t>(uint16_t(Headers.size()));
    W.write<uint16_t>(uint16_t(Headers.size() - 1));
    copy(Text, File.begin());
  }

  const Object &O;
  SmallVector<char, 0> Bytes;
  raw_svector_ostream OS;
  support::endian::Writer Out;
  std::vector<Header> Headers;
  StringTable Names, SectionNames;
  std::deque<std::string> RelNames;      ///< of the sections of relocations
  std::vector<uint32_t> Order, NewIndex; ///< NewIndex counts from 1
  uint32_t SymtabIndex = 0;
};

} // namespace

std::vector<uint8_t> writeElf(const Object &O) { return Writer(O).run(); }

} // namespace bpfcc
