#ifndef BPFCC_BACKEND_OBJECT_OBJECT_H
#define BPFCC_BACKEND_OBJECT_OBJECT_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bpfcc {

/// ELF relocation types of EM_BPF (Documentation/bpf/llvm_reloc.rst).
enum RelocType : uint32_t {
  R_BPF_NONE = 0,
  R_BPF_64_64 = 1,
  R_BPF_64_ABS64 = 2,
  R_BPF_64_ABS32 = 3,
  R_BPF_64_NODYLD32 = 4,
  R_BPF_64_32 = 10,
};

struct Relocation {
  uint64_t Offset = 0; ///< bytes from the start of the section
  uint32_t Type = R_BPF_NONE;
  uint32_t Symbol = 0; ///< index into Object::Symbols
};

struct Section {
  std::string Name;
  uint32_t Type = 1;  ///< SHT_PROGBITS, SHT_NOBITS
  uint64_t Flags = 0; ///< SHF_*
  uint32_t Align = 1;
  uint64_t EntrySize = 0;
  std::vector<uint8_t> Data; ///< empty for SHT_NOBITS
  uint64_t Size = 0;         ///< bytes; Data.size() unless SHT_NOBITS
  std::vector<Relocation> Relocs;
};

/// A section that describes the object to who loads it: `.BTF`, `.BTF.ext`.
inline Section typeSection(const char *Name, std::vector<uint8_t> Bytes) {
  Section S;
  S.Name = Name;
  S.Align = 4;
  S.Size = Bytes.size();
  S.Data = std::move(Bytes);
  return S;
}

struct Symbol {
  std::string Name;
  int32_t Section = -1; ///< index into Object::Sections; -1 is undefined
  uint64_t Value = 0;
  uint64_t Size = 0;
  uint8_t Binding = 0;    ///< STB_LOCAL, STB_GLOBAL, STB_WEAK
  uint8_t Type = 0;       ///< STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_SECTION
  uint8_t Visibility = 0; ///< STV_DEFAULT, STV_HIDDEN
};

/// Whether \p Name is a section of variables, of which libbpf makes a map:
/// .data, .rodata, .bss, and what goes on with a dot behind one of these.
inline bool isDataSection(llvm::StringRef Name) {
  for (llvm::StringRef Base : {".data", ".rodata", ".bss"})
    if (Name == Base || (Name.starts_with(Base) && Name[Base.size()] == '.'))
      return true;
  return false;
}

/// Where the variables of address space 1 are, which loaders put into the
/// arena.
constexpr const char *ArenaSection = ".addr_space.1";

/// A relocatable BPF object as a value: what the writer writes and the reader
/// reads. Section data is in the object's byte order.
struct Object {
  bool BigEndian = false;
  std::vector<Section> Sections;
  std::vector<Symbol> Symbols;

  const Section *findSection(const std::string &Name) const {
    for (const Section &S : Sections)
      if (S.Name == Name)
        return &S;
    return nullptr;
  }
};

} // namespace bpfcc

#endif
