// `.BTF` and `.BTF.ext` of one object, on one screen:
//
//   maps       their definitions, with keys and values
//   functions  prototypes, then a FUNC each; functions of other objects too
//   CO-RE      the root types of relocations
//   variables  a VAR each and a DATASEC for each section
//   ext        functions, lines and relocations by section

#include "backend/btf/BtfBuilder.h"

#include "backend/btf/BtfExt.h"
#include "backend/btf/TypeBuilder.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

namespace bpfcc {

using namespace llvm;

namespace {

const DIGlobalVariable *debugInfo(const GlobalVariable &G) {
  SmallVector<DIGlobalVariableExpression *, 1> Infos;
  G.getDebugInfo(Infos);
  return Infos.empty() ? nullptr : Infos[0]->getVariable();
}

class Builder {
public:
  Builder(Object &O, const Module &M, const btf::SourceFiles &Sources)
      : O(O), M(M), Types(W), Ext(W, Sources) {}

  void run(ArrayRef<CodeFunction> Functions) {
    for (const GlobalVariable &G : M.globals())
      if (const DIGlobalVariable *V = debugInfo(G))
        if (G.getSection().starts_with(".maps"))
          Types.visitMapDefinition(V->getType());
    for (const Symbol &S : O.Symbols)
      Symbols[S.Name] = &S;
    for (const CodeFunction &F : Functions)
      function(F);
    for (const Function &F : M)
      if (F.isDeclaration() && F.getSubprogram() && isReferenced(F.getName()))
        externFunction(F);
    for (const CodeFunction &F : Functions)
      relocations(F);
    variables();
    Types.closePointers();
    // The names of program sections are strings of `.BTF` too.
    std::vector<uint8_t> ExtBytes = Ext.encode(O.BigEndian);
    O.Sections.push_back(typeSection(".BTF", W.encode(O.BigEndian)));
    // libbpf's linker refuses one that describes nothing.
    if (!Functions.empty())
      O.Sections.push_back(typeSection(".BTF.ext", std::move(ExtBytes)));
  }

private:
  bool isReferenced(StringRef Name) const { return Symbols.contains(Name); }

  void function(const CodeFunction &F) {
    const Function *Source = M.getFunction(F.Name);
    const DISubprogram *P = Source ? Source->getSubprogram() : nullptr;
    uint64_t At = Symbols.lookup(F.Name)->Value;
    if (!P) {
      // The kernel wants all functions of a program described, or none.
      btf::Type Prototype;
      Prototype.K = btf::KindFuncProto;
      btf::Type T;
      T.K = btf::KindFunc;
      T.Name = W.string(F.Name);
      T.Length = F.Global ? btf::Global : btf::Static;
      T.SizeOrType = W.add(std::move(Prototype));
      Ext.addFunction(F, At, W.add(std::move(T)), {M.getSourceFileName(), 0});
      return;
    }
    btf::Linkage L = P->isLocalToUnit() ? btf::Static : btf::Global;
    Ext.addFunction(F, At, Types.function(*P, L),
                    {P->getFilename().str(), P->getLine()});
  }

  void externFunction(const Function &F) {
    uint32_t Id = Types.function(*F.getSubprogram(), btf::Extern);
    if (F.hasSection())
      Sections[F.getSection().str()].push_back({Id, 0, 0});
  }

  void relocations(const CodeFunction &F) {
    uint64_t At = Symbols.lookup(F.Name)->Value;
    int32_t Index = Symbols.lookup(F.Name)->Section;
    std::vector<uint32_t> Offsets = btf::byteOffsets(F);
    for (const CodeCoreRelo &R : F.CoreRelos) {
      const Function *Marker = M.getFunction(R.Relo.Type);
      auto *Root =
          Marker
              ? dyn_cast_or_null<DIType>(Marker->getMetadata("bpfcc.core.type"))
              : nullptr;
      uint32_t Id = Types.typeId(Root);
      uint64_t Offset = At + Offsets[R.Inst];
      Ext.addRelocation(F.Section, Offset, Id, R.Relo);
      // Only now is it known which number the type has.
      if (R.Relo.Kind == uint32_t(btf::CoreRelo::TypeIdLocal) ||
          R.Relo.Kind == uint32_t(btf::CoreRelo::TypeIdTarget))
        support::endian::write<uint32_t>(
            O.Sections[uint32_t(Index)].Data.data() + Offset + 4, Id,
            O.BigEndian ? endianness::big : endianness::little);
    }
  }

  void variables() {
    for (const GlobalVariable &G : M.globals()) {
      const DIGlobalVariable *V = debugInfo(G);
      auto It = Symbols.find(G.getName());
      if (!V || It == Symbols.end() || G.hasPrivateLinkage())
        continue;
      const Symbol &S = *It->second;
      bool IsExtern = S.Section < 0;
      btf::Type T;
      T.K = btf::KindVar;
      T.SizeOrType = Types.typeId(V->getType());
      T.Name = W.string(G.getName());
      T.Words = {IsExtern              ? uint32_t(btf::Extern)
                 : G.hasLocalLinkage() ? uint32_t(btf::Static)
                                       : uint32_t(btf::Global)};
      uint32_t Id = W.add(std::move(T));
      Types.declTags(V->getAnnotations(), Id, -1);
      // A variable of another file, which the linker will find: its type is
      // compared with that of the definition.
      if (IsExtern && !G.hasSection())
        continue;
      std::string Section = IsExtern ? G.getSection().str()
                                     : O.Sections[uint32_t(S.Section)].Name;
      uint64_t Size = M.getDataLayout().getTypeAllocSize(G.getValueType());
      Sections[Section].push_back({Id, uint32_t(S.Value), uint32_t(Size)});
    }
    // Constants without a name need no VAR, but their section is described.
    if (any_of(O.Sections, [](const Section &S) {
          return S.Name == ".rodata" && S.Size != 0;
        }))
      Sections[".rodata"];
    for (auto &[Name, Entries] : Sections)
      dataSection(Name, Entries);
  }

  struct Entry {
    uint32_t Type, Offset, Size;
  };

  /// Its size is left to the loader, as Clang leaves it: linking adds to it.
  void dataSection(const std::string &Name, std::vector<Entry> &Entries) {
    if (Entries.size() > btf::MaxLength)
      return;
    stable_sort(Entries, [](const Entry &A, const Entry &B) {
      return A.Offset < B.Offset;
    });
    btf::Type T;
    T.K = btf::KindDatasec;
    T.Name = W.string(Name);
    T.Length = uint32_t(Entries.size());
    for (const Entry &E : Entries)
      T.Words.insert(T.Words.end(), {E.Type, E.Offset, E.Size});
    W.add(std::move(T));
  }

  Object &O;
  const Module &M;
  btf::Writer W;
  btf::TypeBuilder Types;
  btf::ExtBuilder Ext;
  StringMap<const Symbol *> Symbols;
  MapVector<std::string, std::vector<Entry>, std::map<std::string, unsigned>>
      Sections;
};

} // namespace

Error addBtf(Object &O, const Module &M, ArrayRef<CodeFunction> Functions,
             const btf::SourceFiles &Sources) {
  if (M.debug_compile_units().empty())
    return Error::success();
  Builder(O, M, Sources).run(Functions);
  return Error::success();
}

} // namespace bpfcc
