#include "tools/bpfcc/DumpFile.h"

#include "backend/object/ElfFile.h"
#include "support/Diagnostic.h"
#include "support/InputFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace bpfcc::tools {

Expected<DumpFile> DumpFile::open(StringRef Path) {
  auto Buffer = readInputFile(Path);
  if (!Buffer)
    return Buffer.takeError();
  StringRef Bytes = (*Buffer)->getBuffer();
  auto O = readElf(
      ArrayRef(reinterpret_cast<const uint8_t *>(Bytes.data()), Bytes.size()),
      Path);
  if (!O)
    return O.takeError();
  DumpFile F;
  F.O = std::move(*O);
  auto Data = [&](const char *Name) {
    const Section *S = F.O.findSection(Name);
    return S ? ArrayRef(S->Data) : ArrayRef<uint8_t>();
  };
  auto Btf = readBtf(Data(".BTF"), Data(".BTF.ext"), F.O.BigEndian);
  if (!Btf)
    return handleErrors(Btf.takeError(), [&](const DiagnosticError &E) {
      Diagnostic D = E.diagnostic();
      D.Loc.File = Path.str();
      return make_error<DiagnosticError>(std::move(D));
    });
  F.Btf = std::move(*Btf);
  F.index();
  F.findPieces();
  return std::move(F);
}

template <class T> static bool before(const T &A, const T &B) {
  return std::tie(A.Section, A.Offset) < std::tie(B.Section, B.Offset);
}

void DumpFile::index() {
  stable_sort(Btf.Lines, before<BtfFile::Line>);
  stable_sort(Btf.CoreRelos, before<BtfFile::CoreRelo>);
  Symbols.resize(O.Sections.size());
  for (const Symbol &S : O.Symbols)
    if (S.Section >= 0 && !S.Name.empty() && S.Type != ELF::STT_SECTION)
      Symbols[size_t(S.Section)].push_back(&S);
  for (std::vector<const Symbol *> &In : Symbols)
    stable_sort(In, [](auto *A, auto *B) { return A->Value < B->Value; });
  for (Section &S : O.Sections)
    stable_sort(S.Relocs, [](auto &A, auto &B) { return A.Offset < B.Offset; });
}

void DumpFile::findPieces() {
  for (uint32_t N = 0; N != O.Sections.size(); ++N) {
    const Section &S = O.Sections[N];
    if (!(S.Flags & ELF::SHF_EXECINSTR) || S.Data.empty())
      continue;
    size_t First = Pieces.size();
    auto Begin = [&](uint64_t Start, StringRef Name) {
      if (Pieces.size() == First || Pieces.back().Start != Start)
        Pieces.push_back({Name.str(), N, Start, {}});
      else
        Pieces.back().Name += (" = " + Name).str();
    };
    // Symbols without a type are labels if the assembler kept them local.
    for (const Symbol *Sym : Symbols[N])
      if (Sym->Value < S.Data.size() &&
          (Sym->Type == ELF::STT_FUNC || Sym->Binding != ELF::STB_LOCAL))
        Begin(Sym->Value, Sym->Name);
    if (Pieces.size() == First || Pieces[First].Start != 0)
      Pieces.insert(Pieces.begin() + long(First), {"", N, 0, {}});
    uint64_t End = S.Data.size();
    for (size_t K = Pieces.size(); K-- > First;) {
      CodePiece &P = Pieces[K];
      P.Bytes = ArrayRef(S.Data).slice(P.Start, End - P.Start);
      End = P.Start;
    }
  }
}

const Relocation *DumpFile::relocationAt(uint32_t Section,
                                         uint64_t Offset) const {
  const std::vector<Relocation> &In = O.Sections[Section].Relocs;
  auto It = partition_point(
      In, [&](const Relocation &R) { return R.Offset < Offset; });
  return It != In.end() && It->Offset == Offset ? &*It : nullptr;
}

std::string RelocTarget::place() const {
  return Offset ? Name + " + " + std::to_string(Offset) : Name;
}

static RelocTarget::Kind kindOf(const Section &S) {
  if (S.Name == ".maps" || S.Name == "maps")
    return RelocTarget::Map;
  if (S.Flags & ELF::SHF_EXECINSTR)
    return RelocTarget::Code;
  return S.Flags & ELF::SHF_ALLOC ? RelocTarget::Data : RelocTarget::Other;
}

/// The printable text up to a zero at \p Offset; empty if there is none.
static std::string stringAt(const Section &S, uint64_t Offset) {
  if (S.Flags & (ELF::SHF_EXECINSTR | ELF::SHF_WRITE) ||
      Offset >= S.Data.size())
    return {};
  StringRef Rest(reinterpret_cast<const char *>(&S.Data[Offset]),
                 S.Data.size() - Offset);
  size_t End = Rest.find('\0');
  constexpr size_t MinLength = 2;
  if (End == StringRef::npos || End < MinLength)
    return {};
  StringRef Text = Rest.take_front(End);
  bool Printable =
      all_of(Text, [](char C) { return isPrint(C) || C == '\n' || C == '\t'; });
  return Printable ? Text.str() : std::string();
}

RelocTarget DumpFile::place(uint32_t Section, uint64_t Offset) const {
  const bpfcc::Section &S = O.Sections[Section];
  RelocTarget T{kindOf(S), S.Name, Offset, stringAt(S, Offset)};
  const std::vector<const Symbol *> &In = Symbols[Section];
  auto It = partition_point(
      In, [&](const Symbol *Sym) { return Sym->Value <= Offset; });
  if (It == In.begin())
    return T;
  const Symbol &Sym = **--It;
  uint64_t Delta = Offset - Sym.Value;
  if (Delta && Delta >= Sym.Size)
    return T;
  T.Name = Sym.Name;
  T.Offset = Delta;
  return T;
}

RelocTarget DumpFile::target(const Relocation &R, uint64_t Addend) const {
  const Symbol &Sym = O.Symbols[R.Symbol];
  if (Sym.Section < 0)
    return {RelocTarget::Kernel, Sym.Name, Addend, {}};
  if (Sym.Type == ELF::STT_SECTION || Sym.Name.empty())
    return place(uint32_t(Sym.Section), Sym.Value + Addend);
  const Section &S = O.Sections[size_t(Sym.Section)];
  return {kindOf(S), Sym.Name, Addend, stringAt(S, Sym.Value + Addend)};
}

template <class T>
static ArrayRef<T> range(const std::vector<T> &In, StringRef Section,
                         uint64_t Begin, uint64_t End) {
  auto Before = [&](uint64_t Offset) {
    return partition_point(In, [&](const T &R) {
      return R.Section < Section || (R.Section == Section && R.Offset < Offset);
    });
  };
  auto First = Before(Begin), Last = Before(End);
  return ArrayRef<T>(In).slice(size_t(First - In.begin()),
                               size_t(Last - First));
}

ArrayRef<BtfFile::Line> DumpFile::lines(StringRef Section, uint64_t Begin,
                                        uint64_t End) const {
  return range(Btf.Lines, Section, Begin, End);
}

ArrayRef<BtfFile::CoreRelo>
DumpFile::coreRelos(StringRef Section, uint64_t Begin, uint64_t End) const {
  return range(Btf.CoreRelos, Section, Begin, End);
}

void printText(raw_ostream &OS, StringRef Text) {
  for (char C : Text) {
    auto Byte = static_cast<unsigned char>(C);
    if (C == '\t')
      OS << ' ';
    else if (Byte < ' ' || Byte == 0x7f)
      OS << "\\x" << format_hex_no_prefix(Byte, 2);
    else
      OS << C;
  }
}

void printQuoted(raw_ostream &OS, StringRef Text) {
  OS << '"';
  for (char C : Text) {
    if (C == '\n')
      OS << "\\n";
    else if (C == '\t')
      OS << "\\t";
    else if (C == '"' || C == '\\')
      OS << '\\' << C;
    else
      OS << C;
  }
  OS << '"';
}

} // namespace bpfcc::tools
