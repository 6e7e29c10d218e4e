// ELF in.
//
// needs: bytes that somebody else may have made, or damaged
// gives: an Object, or what is wrong with them
//
// Each number is checked against the file before it is used. Section and
// symbol numbers change: .symtab, string tables and .rel sections are not
// sections of an Object.

#include "backend/object/ElfFile.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

namespace {

struct Header {
  uint32_t Name, Type;
  uint64_t Flags, Offset, Size;
  uint32_t Link, Info;
  uint64_t Align, EntrySize;
};

constexpr uint64_t MaxNobits = 1ull << 32; ///< bytes that .bss may ask for
constexpr uint64_t MaxAlign = 1u << 20;    ///< more than any machine's page

class Reader {
public:
  /// \p Types may be null: all sections are copied.
  Reader(ArrayRef<uint8_t> Bytes, StringRef Name, TypeSections *Types)
      : Bytes(Bytes), Name(Name), Types(Types) {}

  Expected<Object> run() {
    if (Error E = readHeaders())
      return std::move(E);
    if (Error E = readSections())
      return std::move(E);
    if (Error E = readSymbols())
      return std::move(E);
    for (const Header &H : Headers)
      if (Error E = readRelocations(H))
        return std::move(E);
    return std::move(O);
  }

private:
  Error bad(const Twine &Why) const {
    return diagError(DiagCode::BadObject, {Name.str(), 0, 0}, Why.str());
  }

  template <typename T> T get(uint64_t At) const {
    return support::endian::read<T>(
        Bytes.data() + At, O.BigEndian ? endianness::big : endianness::little);
  }

  bool inside(uint64_t Offset, uint64_t Size) const {
    return Offset <= Bytes.size() && Size <= Bytes.size() - Offset;
  }

  Error readHeaders() {
    if (Bytes.size() < sizeof(ELF::Elf64_Ehdr))
      return bad("the file is shorter than an ELF header");
    if (StringRef(reinterpret_cast<const char *>(Bytes.data()), 4) !=
        StringRef(ELF::ElfMagic, 4))
      return bad("this is no ELF file");
    if (Bytes[ELF::EI_CLASS] != ELF::ELFCLASS64)
      return bad("this is no 64-bit ELF file");
    uint8_t Order = Bytes[ELF::EI_DATA];
    if (Order != ELF::ELFDATA2LSB && Order != ELF::ELFDATA2MSB)
      return bad("its byte order is unknown");
    O.BigEndian = Order == ELF::ELFDATA2MSB;
    if (get<uint16_t>(18) != ELF::EM_BPF)
      return bad("it is for machine " + Twine(get<uint16_t>(18)) +
                 ", not for BPF");
    if (get<uint16_t>(16) != ELF::ET_REL)
      return bad("this is no relocatable file");
    uint64_t At = get<uint64_t>(40);
    uint16_t Count = get<uint16_t>(60);
    if (Count == 0)
      return bad(At == 0 ? "it has no sections"
                         : "it has more sections than an ELF header counts");
    if (get<uint16_t>(58) != sizeof(ELF::Elf64_Shdr) ||
        !inside(At, uint64_t(Count) * sizeof(ELF::Elf64_Shdr)))
      return bad("its section headers lie outside of the file");
    for (uint16_t I = 0; I < Count; ++I, At += sizeof(ELF::Elf64_Shdr)) {
      Header H{get<uint32_t>(At),      get<uint32_t>(At + 4),
               get<uint64_t>(At + 8),  get<uint64_t>(At + 24),
               get<uint64_t>(At + 32), get<uint32_t>(At + 40),
               get<uint32_t>(At + 44), get<uint64_t>(At + 48),
               get<uint64_t>(At + 56)};
      bool HasBytes = H.Type != ELF::SHT_NOBITS && H.Type != ELF::SHT_NULL;
      if (HasBytes && !inside(H.Offset, H.Size))
        return bad("section " + Twine(I) + " lies outside of the file");
      Headers.push_back(H);
    }
    NameTable = get<uint16_t>(62);
    if (NameTable >= Headers.size() ||
        Headers[NameTable].Type != ELF::SHT_STRTAB)
      return bad("it has no section names");
    return Error::success();
  }

  /// The string at \p Offset of string table \p Table.
  Expected<std::string> text(uint32_t Table, uint32_t Offset) const {
    const Header &H = Headers[Table];
    if (Offset == 0 && H.Size == 0)
      return std::string();
    StringRef All(reinterpret_cast<const char *>(Bytes.data() + H.Offset),
                  H.Size);
    size_t End = Offset < All.size() ? All.find('\0', Offset) : StringRef::npos;
    if (End == StringRef::npos)
      return bad("a name lies outside of its string table");
    return All.slice(Offset, End).str();
  }

  /// Where the section \p Name is shown rather than copied; null if it is not.
  ArrayRef<uint8_t> *shownAs(StringRef SectionName) const {
    if (!Types)
      return nullptr;
    return SectionName == ".BTF"       ? &Types->Btf
           : SectionName == ".BTF.ext" ? &Types->Ext
                                       : nullptr;
  }

  static bool isKept(const Header &H) {
    return H.Type != ELF::SHT_NULL && H.Type != ELF::SHT_SYMTAB &&
           H.Type != ELF::SHT_STRTAB && H.Type != ELF::SHT_REL &&
           H.Type != ELF::SHT_RELA && H.Type != ELF::SHT_LLVM_ADDRSIG;
  }

  Error readSections() {
    SectionIndex.assign(Headers.size(), -1);
    O.Sections.reserve(size_t(count_if(Headers, isKept)));
    for (size_t I = 0; I < Headers.size(); ++I) {
      const Header &H = Headers[I];
      if (!isKept(H))
        continue;
      Section S;
      auto SectionName = text(NameTable, H.Name);
      if (!SectionName)
        return SectionName.takeError();
      S.Name = std::move(*SectionName);
      S.Type = H.Type;
      S.Flags = H.Flags;
      if (H.Align > MaxAlign || (H.Align && !isPowerOf2_64(H.Align)))
        return bad("section `" + S.Name + "` has an impossible alignment");
      S.Align = std::max<uint32_t>(1, uint32_t(H.Align));
      S.EntrySize = H.EntrySize;
      S.Size = H.Size;
      if (H.Type == ELF::SHT_NOBITS) {
        if (H.Size > MaxNobits)
          return bad("section `" + S.Name + "` is impossibly large");
      } else {
        // Sections may not claim the same bytes over and over.
        Kept += H.Size;
        if (Kept > Bytes.size())
          return bad("its sections overlap");
        ArrayRef<uint8_t> Data = Bytes.slice(H.Offset, H.Size);
        if (ArrayRef<uint8_t> *Shown = shownAs(S.Name); Shown && Shown->empty())
          *Shown = Data;
        else
          S.Data.assign(Data.begin(), Data.end());
      }
      SectionIndex[I] = int32_t(O.Sections.size());
      O.Sections.push_back(std::move(S));
    }
    return Error::success();
  }

  Error readSymbols() {
    for (uint32_t I = 0; I < Headers.size(); ++I) {
      if (Headers[I].Type != ELF::SHT_SYMTAB)
        continue;
      if (SymbolTable)
        return bad("it has two symbol tables");
      SymbolTable = I;
    }
    if (!SymbolTable)
      return Error::success();
    const Header &H = Headers[SymbolTable];
    if (H.EntrySize != sizeof(ELF::Elf64_Sym) || H.Size % H.EntrySize ||
        H.Link >= Headers.size() || Headers[H.Link].Type != ELF::SHT_STRTAB)
      return bad("its symbol table is malformed");
    O.Symbols.reserve(H.Size / H.EntrySize);
    // Symbol 0 stands for none.
    for (uint64_t At = H.Offset + H.EntrySize; At < H.Offset + H.Size;
         At += H.EntrySize) {
      Symbol S;
      auto SymbolName = text(H.Link, get<uint32_t>(At));
      if (!SymbolName)
        return SymbolName.takeError();
      S.Name = std::move(*SymbolName);
      uint8_t Info = get<uint8_t>(At + 4);
      S.Binding = Info >> 4;
      S.Type = Info & 15;
      S.Visibility = get<uint8_t>(At + 5) & 3;
      S.Value = get<uint64_t>(At + 8);
      S.Size = get<uint64_t>(At + 16);
      if (Error E = placeSymbol(S, get<uint16_t>(At + 6)))
        return E;
      O.Symbols.push_back(std::move(S));
    }
    return Error::success();
  }

  Error placeSymbol(Symbol &S, uint16_t Index) {
    if (Index == ELF::SHN_UNDEF)
      return Error::success();
    if (Index == ELF::SHN_ABS) {
      if (S.Type != ELF::STT_FILE)
        Absolute.insert(uint32_t(O.Symbols.size()));
      return Error::success();
    }
    if (Index == ELF::SHN_COMMON)
      return bad("symbol `" + S.Name +
                 "` is in no section; -fno-common gives it one");
    if (Index >= Headers.size())
      return bad("symbol `" + S.Name + "` is in section " + Twine(Index) +
                 ", which does not exist");
    S.Section = SectionIndex[Index];
    if (S.Section < 0)
      return Error::success();
    uint64_t Size = O.Sections[uint32_t(S.Section)].Size;
    if (S.Value > Size || S.Size > Size - S.Value)
      return bad("symbol `" + S.Name + "` lies outside of its section");
    return Error::success();
  }

  Error readRelocations(const Header &H) {
    if (H.Type == ELF::SHT_RELA)
      return bad("it has relocations with addends, which BPF does not use");
    if (H.Type != ELF::SHT_REL)
      return Error::success();
    if (H.Info >= Headers.size() || SectionIndex[H.Info] < 0 ||
        H.EntrySize != sizeof(ELF::Elf64_Rel) || H.Size % H.EntrySize)
      return bad("a relocation section is malformed");
    Kept += H.Size;
    if (Kept > Bytes.size())
      return bad("its sections overlap");
    Section &S = O.Sections[uint32_t(SectionIndex[H.Info])];
    if (shownAs(S.Name))
      return Error::success();
    S.Relocs.reserve(S.Relocs.size() + H.Size / H.EntrySize);
    for (uint64_t At = H.Offset; At < H.Offset + H.Size; At += H.EntrySize) {
      Relocation R;
      R.Offset = get<uint64_t>(At);
      uint64_t Info = get<uint64_t>(At + 8);
      R.Type = uint32_t(Info);
      uint64_t Index = Info >> 32;
      if (Index == 0 || Index > O.Symbols.size())
        return bad("a relocation of `" + S.Name +
                   "` names a symbol that does not exist");
      R.Symbol = uint32_t(Index - 1);
      if (Absolute.count(R.Symbol))
        return bad("a relocation of `" + S.Name + "` names `" +
                   O.Symbols[R.Symbol].Name +
                   "`, which is a number and no place");
      uint64_t Width =
          R.Type == R_BPF_64_64 || R.Type == R_BPF_64_ABS64 ? 8 : 4;
      if (R.Offset > S.Data.size() || Width > S.Data.size() - R.Offset)
        return bad("a relocation lies outside of section `" + S.Name + "`");
      S.Relocs.push_back(R);
    }
    return Error::success();
  }

  ArrayRef<uint8_t> Bytes;
  StringRef Name;
  TypeSections *Types;
  Object O;
  std::vector<Header> Headers;
  std::vector<int32_t> SectionIndex; ///< by ELF number; -1 is left out
  DenseSet<uint32_t> Absolute;       ///< symbols that are numbers
  uint32_t NameTable = 0, SymbolTable = 0;
  uint64_t Kept = 0; ///< bytes of sections and relocations read so far
};

} // namespace

Expected<Object> readElf(ArrayRef<uint8_t> Bytes, StringRef Name) {
  return Reader(Bytes, Name, nullptr).run();
}

Expected<Object> readElf(ArrayRef<uint8_t> Bytes, StringRef Name,
                         TypeSections &Types) {
  return Reader(Bytes, Name, &Types).run();
}

} // namespace bpfcc
