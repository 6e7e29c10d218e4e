// The programs and maps that libbpf makes of an object: who uses a generated
// header reaches them by the names and in the order that libbpf gives them.
//
//   programs   functions outside .text, by section, then by place
//   maps       variables of .maps; then .data, .rodata and .bss and their kin,
//              by section; then .kconfig; then structures of operations

#include "tools/gen/Model.h"

#include "backend/btf/Kconfig.h"
#include "backend/object/ElfFile.h"
#include "support/Diagnostic.h"
#include "support/InputFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace bpfcc::gen {

std::string identifier(StringRef Text) {
  std::string Name;
  for (char C : Text)
    Name += isAlnum(C) ? C : '_';
  return Name;
}

namespace {
class Reader {
public:
  Reader(Model &M) : M(M) {}

  Error read() {
    addDeclaredMaps();
    for (const Section &S : M.Obj.Sections)
      if (isDataSection(S.Name) && S.Size && !(S.Flags & ELF::SHF_EXECINSTR))
        addDataMap(S);
    addKconfig();
    addStructOps();
    if (Error E = addPrograms())
      return E;
    return checkNames();
  }

private:
  Error bad(const Twine &What) const {
    return diagError(DiagCode::BadObject, {}, What.str());
  }

  std::vector<Variable> variablesOf(const BtfFile::Type &Sec) const;
  void readDeclaration(Map &New, uint32_t Type) const;
  void addDeclaredMaps();
  void addDataMap(const Section &S);
  void addKconfig();
  void addStructOps();
  Error addPrograms();
  Error checkNames() const;

  Model &M;
};
} // namespace

/// Static variables are the program's own. Offsets come from the symbols:
/// compilers leave those in .BTF at 0.
std::vector<Variable> Reader::variablesOf(const BtfFile::Type &Sec) const {
  std::vector<Variable> Variables;
  for (const BtfFile::Member &In : Sec.Members) {
    const BtfFile::Type &Var = M.Btf.type(In.Type);
    if (Var.K != btf::KindVar || Var.Linkage == btf::Static)
      continue;
    Variable V{Var.Name.str(), Var.Target, In.Offset, M.Btf.sizeOf(Var.Target)};
    for (const Symbol &S : M.Obj.Symbols)
      if (S.Section >= 0 && S.Name == V.Name &&
          M.Obj.Sections[size_t(S.Section)].Name == Sec.Name)
        V.Offset = S.Value;
    Variables.push_back(std::move(V));
  }
  stable_sort(Variables, [](auto &A, auto &B) { return A.Offset < B.Offset; });
  return Variables;
}

/// __uint(n, 4) is `int (*n)[4]`, __ulong(n, 4) an enumeration of one value,
/// __type(n, T) is `T *n`.
void Reader::readDeclaration(Map &New, uint32_t Type) const {
  for (const BtfFile::Member &Field : M.Btf.type(M.Btf.strip(Type)).Members) {
    const BtfFile::Type &T = M.Btf.type(M.Btf.strip(Field.Type));
    if (T.K == btf::KindEnum64 && T.Members.size() == 1)
      New.Numbers[Field.Name.str()] = uint64_t(T.Members[0].Value);
    else if (Field.Name == "key")
      New.KeyType = T.Target;
    else if (Field.Name == "value")
      New.ValueType = T.Target;
    else if (T.K == btf::KindPtr && M.Btf.type(T.Target).K == btf::KindArray)
      New.Numbers[Field.Name.str()] = M.Btf.type(T.Target).Size;
  }
}

void Reader::addDeclaredMaps() {
  const BtfFile::Type *Sec = M.Btf.dataSection(".maps");
  if (!Sec || !M.Obj.findSection(".maps"))
    return;
  const BtfFile::Type *InArena = M.Btf.dataSection(ArenaSection);
  for (const BtfFile::Member &In : Sec->Members) {
    const BtfFile::Type &Var = M.Btf.type(In.Type);
    Map New;
    New.Name = New.Ident = Var.Name.str();
    readDeclaration(New, Var.Target);
    constexpr uint32_t Arena = 33; // BPF_MAP_TYPE_ARENA
    if (InArena && New.Numbers["type"] == Arena) {
      New.Section = ArenaSection;
      New.Variables = variablesOf(*InArena);
      New.Mapped = "arena";
    }
    M.Maps.push_back(std::move(New));
  }
}

void Reader::addDataMap(const Section &S) {
  Map New;
  New.Name = New.Section = S.Name;
  New.Ident = identifier(StringRef(S.Name).drop_front());
  if (const BtfFile::Type *Sec = M.Btf.dataSection(S.Name))
    New.Variables = variablesOf(*Sec);
  if (!New.Variables.empty())
    New.Mapped = New.Ident;
  M.Maps.push_back(std::move(New));
}

void Reader::addKconfig() {
  Map New;
  New.Name = New.Section = ".kconfig";
  New.Ident = New.Mapped = "kconfig";
  auto IsUsed = [&](StringRef Name) {
    return any_of(M.Obj.Symbols, [&](const Symbol &S) {
      return S.Section < 0 && S.Name == Name;
    });
  };
  for (const KconfigVariable &V : layOutKconfig(M.Btf, IsUsed))
    New.Variables.push_back({V.Name.str(), V.Type, V.Offset, V.Size});
  if (New.Variables.empty())
    return;
  M.Maps.push_back(std::move(New));
}

void Reader::addStructOps() {
  for (const Section &S : M.Obj.Sections) {
    StringRef Name = S.Name;
    Name.consume_front("?");
    if (Name != ".struct_ops" && Name != ".struct_ops.link")
      continue;
    const BtfFile::Type *Sec = M.Btf.dataSection(S.Name);
    for (const BtfFile::Member &In :
         Sec ? ArrayRef(Sec->Members) : ArrayRef<BtfFile::Member>()) {
      const BtfFile::Type &Var = M.Btf.type(In.Type);
      Map New;
      New.Name = New.Ident = Var.Name.str();
      New.StructOps = M.Btf.strip(Var.Target);
      M.Maps.push_back(std::move(New));
    }
  }
}

Error Reader::addPrograms() {
  struct Place {
    int32_t Section;
    uint64_t Offset;
    const Symbol *Sym;
  };
  std::vector<Place> Functions;
  for (const Symbol &S : M.Obj.Symbols) {
    if (S.Type != ELF::STT_FUNC || S.Section < 0)
      continue;
    const Section &In = M.Obj.Sections[size_t(S.Section)];
    if (!(In.Flags & ELF::SHF_EXECINSTR) || In.Name == ".text")
      continue;
    if (S.Binding == ELF::STB_LOCAL)
      return bad("`" + S.Name + "` is static in section `" + In.Name +
                 "`, where libbpf takes global programs alone");
    Functions.push_back({S.Section, S.Value, &S});
  }
  stable_sort(Functions, [](const Place &A, const Place &B) {
    return std::tie(A.Section, A.Offset) < std::tie(B.Section, B.Offset);
  });
  for (const Place &F : Functions)
    M.Programs.push_back({F.Sym->Name, M.Obj.Sections[size_t(F.Section)].Name});
  return Error::success();
}

/// Names become part of C: an object may hold any.
Error Reader::checkNames() const {
  auto IsQuotable = [](StringRef Name) {
    return all_of(Name, [](char C) {
      return isPrint(C) && C != '"' && C != '\\' && C != '{' && C != '}';
    });
  };
  for (const Program &P : M.Programs)
    if (P.Name.empty() || identifier(P.Name) != P.Name)
      return bad("program `" + P.Name + "` has a name that C does not take");
  for (const Map &In : M.Maps) {
    if (In.Ident.empty() || identifier(In.Ident) != In.Ident ||
        !IsQuotable(In.Name))
      return bad("map `" + In.Name + "` has a name that C does not take");
    for (const Variable &V : In.Variables)
      if (V.Name.empty() || !IsQuotable(V.Name))
        return bad("a variable of `" + In.Name +
                   "` has a name that C does not take");
  }
  return Error::success();
}

static Error inFile(Error E, StringRef File) {
  return handleErrors(std::move(E), [&](const DiagnosticError &D) -> Error {
    Diagnostic Copy = D.diagnostic();
    if (Copy.Loc.File.empty())
      Copy.Loc.File = File.str();
    return make_error<DiagnosticError>(std::move(Copy));
  });
}

Expected<Model> readModel(StringRef File, StringRef Name) {
  auto Buffer = readInputFile(File);
  if (!Buffer)
    return Buffer.takeError();
  Model M;
  M.Bytes = (*Buffer)->getBuffer().str();
  StringRef Stem = sys::path::filename(File);
  Stem.consume_back(".o");
  M.Name = identifier(Name.empty() ? Stem : Name);
  if (M.Name.empty() || isDigit(M.Name.front()))
    M.Name = "_" + M.Name;
  auto O = readElf(arrayRefFromStringRef(M.Bytes), File);
  if (!O)
    return O.takeError();
  M.Obj = std::move(*O);
  const Section *Ext = M.Obj.findSection(".BTF.ext");
  auto Btf =
      readBtf(M.btfBytes(), Ext ? ArrayRef(Ext->Data) : ArrayRef<uint8_t>(),
              M.Obj.BigEndian);
  if (!Btf)
    return inFile(Btf.takeError(), File);
  M.Btf = std::move(*Btf);
  if (Error E = Reader(M).read())
    return inFile(std::move(E), File);
  return M;
}

} // namespace bpfcc::gen
