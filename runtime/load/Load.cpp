// From an object to a program that can run, in the order that libbpf goes:
// types, maps, data sections as maps of one element, functions, relocations.
//
// Each STT_FUNC symbol in a section of code is one Subprog; what stands in
// .text only helps others, what stands elsewhere is an entry. A call to a
// function of the same section may have no relocation (the assembler knows the
// distance): such calls are resolved last, by the slot that they lead to. Where
// that is in the middle of what a symbol covers, as in bytecode that came
// without symbols, it is cut into two Subprogs there.

#include "runtime/load/Loader.h"

#include "backend/isa/Encoding.h"

#include "llvm/BinaryFormat/ELF.h"

using namespace llvm;

namespace bpfcc {

std::string Loader::symbolName(const Symbol &Sym) const {
  if (!Sym.Name.empty())
    return "`" + Sym.Name + "`";
  if (Sym.Section >= 0)
    return "section `" + sectionName(Sym.Section) + "`";
  return "a symbol without a name";
}

uint32_t Loader::functionAt(int32_t Section, uint64_t Offset) const {
  auto It = Functions.find({Section, Offset});
  return It == Functions.end() ? ~0u : It->second;
}

uint32_t Loader::externNumber(const std::string &Name) {
  auto [It, New] = ExternNumbers.try_emplace(Name, P.Externs.size());
  if (New)
    P.Externs.push_back(Name);
  return It->second;
}

/// The reader and hand-made objects alike must not lead out of the vectors.
Error Loader::checkObject() {
  for (const Symbol &S : O.Symbols)
    if (S.Section < -1 || S.Section >= int32_t(O.Sections.size()))
      return bad("symbol `" + S.Name + "` is in a section that does not exist");
  for (const Section &S : O.Sections)
    for (const Relocation &R : S.Relocs)
      if (R.Symbol >= O.Symbols.size())
        return bad("a relocation in `" + S.Name +
                   "` names a symbol that does not exist");
  return Error::success();
}

Error Loader::readTypes() {
  const Section *Types = O.findSection(".BTF");
  const Section *Ext = O.findSection(".BTF.ext");
  if (Types)
    P.Btf = Types->Data;
  auto View = readBtf(P.Btf, Ext ? ArrayRef(Ext->Data) : ArrayRef<uint8_t>(),
                      O.BigEndian);
  if (!View)
    return View.takeError();
  Btf = std::move(*View);
  return Error::success();
}

Error Loader::findParts() {
  DataMap.assign(O.Sections.size(), ~0u);
  for (const Section &S : O.Sections) {
    Part K = Part::Other;
    if (S.Name == "license")
      P.License = StringRef(reinterpret_cast<const char *>(S.Data.data()),
                            S.Data.size())
                      .take_until([](char C) { return C == 0; })
                      .str();
    else if (S.Name == ".maps")
      K = Part::BtfMaps;
    else if (S.Name == "maps")
      K = Part::LegacyMaps;
    else if (S.Flags & ELF::SHF_EXECINSTR)
      K = Part::Code;
    else if (S.Name == ".struct_ops" || S.Name == ".struct_ops.link")
      K = Part::Operations;
    else if (isDataSection(S.Name) || S.Name == JumpTableSection)
      K = Part::Data;
    Parts.push_back(K);
  }
  return Error::success();
}

Error Loader::addFunction(const Symbol &Sym) {
  const Section &S = O.Sections[size_t(Sym.Section)];
  if (Sym.Value % 8 || Sym.Size % 8 || Sym.Size == 0 ||
      Sym.Value > S.Data.size() || Sym.Size > S.Data.size() - Sym.Value)
    return bad("function `" + Sym.Name + "` does not lie in section `" +
               S.Name + "`");
  auto Insts =
      isa::decode(ArrayRef(S.Data).slice(Sym.Value, Sym.Size), O.BigEndian);
  if (!Insts)
    return bad("function `" + Sym.Name +
               "`: " + takeMessages(Insts.takeError()));
  Subprog F;
  F.Name = Sym.Name;
  F.Section = S.Name;
  F.IsProgram = S.Name != ".text";
  F.IsHidden = Sym.Visibility != ELF::STV_DEFAULT;
  F.Insts = std::move(*Insts);
  uint32_t Slot = 0;
  for (const isa::Inst &I : F.Insts) {
    F.Slots.push_back(Slot);
    Slot += isa::slots(I.Opcode);
  }
  if (!Functions.try_emplace({Sym.Section, Sym.Value}, P.Subprogs.size())
           .second)
    return Error::success(); // a second name of the same function
  Starts.push_back({Sym.Section, Sym.Value});
  Called.emplace_back(F.Insts.size());
  P.Subprogs.push_back(std::move(F));
  return Error::success();
}

Error Loader::findFunctions() {
  for (const Symbol &Sym : O.Symbols)
    if (Sym.Type == ELF::STT_FUNC && Sym.Section >= 0 &&
        Parts[size_t(Sym.Section)] == Part::Code)
      if (Error E = addFunction(Sym))
        return E;
  return Error::success();
}

void Loader::findExceptionCallbacks() {
  auto Named = [&](StringRef Name) {
    return find_if(P.Subprogs, [&](auto &S) { return S.Name == Name; });
  };
  for (const BtfFile::Type &T : Btf.Types) {
    StringRef Callback = T.Name;
    if (T.K != btf::KindDeclTag || T.Component >= 0 ||
        !Callback.consume_front("exception_callback:"))
      continue;
    auto Of = Named(Btf.type(T.Target).Name), To = Named(Callback);
    if (Of != P.Subprogs.end() && To != P.Subprogs.end())
      Of->OnThrow = uint32_t(To - P.Subprogs.begin());
  }
}

void Loader::addLines() {
  std::map<std::string, std::vector<const BtfFile::Line *>> BySection;
  for (const BtfFile::Line &L : Btf.Lines)
    BySection[L.Section.str()].push_back(&L);
  for (auto &[Name, Lines] : BySection)
    llvm::sort(Lines, [](auto *A, auto *B) {
      return std::tie(A->Offset, A->Line) < std::tie(B->Offset, B->Line);
    });
  for (size_t N = 0; N != P.Subprogs.size(); ++N) {
    Subprog &S = P.Subprogs[N];
    auto Found = BySection.find(S.Section);
    if (Found == BySection.end())
      continue;
    const auto &Lines = Found->second;
    uint64_t Start = Starts[N].second;
    auto It = partition_point(
        Lines, [&](const BtfFile::Line *L) { return L->Offset < Start; });
    for (; It != Lines.end(); ++It) {
      uint64_t Slot = ((*It)->Offset - Start) / 8;
      auto At = lower_bound(S.Slots, Slot);
      if (At == S.Slots.end())
        break;
      if (*At == Slot)
        S.Lines.push_back({uint32_t(At - S.Slots.begin()), (*It)->File.str(),
                           (*It)->Line, (*It)->Column, (*It)->Text.str()});
    }
  }
}

Expected<Program> Loader::run() {
  P.BigEndian = O.BigEndian;
  if (Error E = checkObject())
    return std::move(E);
  if (Error E = readTypes())
    return std::move(E);
  if (Error E = findParts())
    return std::move(E);
  if (Error E = findBtfMaps())
    return std::move(E);
  if (Error E = findLegacyMaps())
    return std::move(E);
  P.InnerMaps.resize(P.Maps.size(), ~0u);
  addDataMaps();
  addVariables();
  if (Error E = addKconfig())
    return std::move(E);
  P.InnerMaps.resize(P.Maps.size(), ~0u);
  if (Error E = findFunctions())
    return std::move(E);
  findExceptionCallbacks();
  addLines();
  if (Error E = relocate())
    return std::move(E);
  if (Options.Kernel)
    relocateCore();
  return std::move(P);
}

Expected<Program> loadProgram(const Object &O, StringRef Name,
                              const LoadOptions &Options) {
  auto P = Loader(O, Options).run();
  if (P)
    return P;
  return handleErrors(P.takeError(), [&](const DiagnosticError &E) -> Error {
    Diagnostic D = E.diagnostic();
    D.Loc.File = Name.str();
    return make_error<DiagnosticError>(std::move(D));
  });
}

} // namespace bpfcc
