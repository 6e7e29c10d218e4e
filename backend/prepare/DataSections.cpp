#include "backend/prepare/DataSections.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"

namespace bpfcc {

using namespace llvm;

namespace {

/// A string literal that no two places need to tell apart: its character's
/// width in bytes, or 0.
unsigned mergeableString(const Constant &C) {
  auto *Ty = dyn_cast<ArrayType>(C.getType());
  if (!Ty || !Ty->getElementType()->isIntegerTy())
    return 0;
  unsigned Width = Ty->getElementType()->getIntegerBitWidth() / 8;
  if (Width != 1 && Width != 2 && Width != 4)
    return 0;
  if (llvm::isa<ConstantAggregateZero>(C))
    return Ty->getNumElements() == 1 ? Width : 0;
  auto *Text = dyn_cast<ConstantDataSequential>(&C);
  if (!Text)
    return 0;
  for (unsigned I = 0, End = Text->getNumElements(); I < End; ++I)
    if ((Text->getElementAsInteger(I) == 0) != (I + 1 == End))
      return 0;
  return Width;
}

/// Where equal constants may become one: a section for each width, as Clang
/// names them. Empty: the constant stays as it is.
std::string mergeableSection(const GlobalVariable &G, uint32_t &EntrySize) {
  const Constant &C = *G.getInitializer();
  uint64_t Size = G.getDataLayout().getTypeAllocSize(G.getValueType());
  if (!G.hasGlobalUnnamedAddr() || C.needsRelocation())
    return {};
  EntrySize = mergeableString(C);
  if (EntrySize)
    return (".rodata.str" + Twine(EntrySize) + "." +
            Twine(dataAlign(G).value()))
        .str();
  if (Size != 4 && Size != 8 && Size != 16 && Size != 32)
    return {};
  EntrySize = uint32_t(Size);
  return (".rodata.cst" + Twine(Size)).str();
}

} // namespace

bool isPlaced(const GlobalVariable &G) {
  return !G.isDeclarationForLinker() && !G.getName().starts_with("llvm.");
}

Align dataAlign(const GlobalVariable &G) {
  return G.getAlign().value_or(G.getDataLayout().getPreferredAlign(&G));
}

DataSection dataSection(const GlobalVariable &G) {
  bool Zero = G.getInitializer()->isNullValue();
  uint64_t Flags =
      ELF::SHF_ALLOC | (G.isConstant() ? 0u : unsigned(ELF::SHF_WRITE));
  if (G.hasSection()) {
    StringRef Name = G.getSection();
    bool Bss = Name == ".bss" || Name.starts_with(".bss.");
    return {Name.str(), Bss && Zero, Flags};
  }
  if (unsigned Space = G.getAddressSpace()) // libbpf puts 1 into the arena
    return {".addr_space." + std::to_string(Space), false,
            Flags | ELF::SHF_WRITE};
  if (!G.isConstant())
    return {Zero ? ".bss" : ".data", Zero, Flags};
  uint32_t EntrySize = 0;
  std::string Name = mergeableSection(G, EntrySize);
  if (Name.empty())
    return {".rodata", false, Flags};
  bool IsText = StringRef(Name).starts_with(".rodata.str");
  return {Name, false,
          Flags | ELF::SHF_MERGE | (IsText ? unsigned(ELF::SHF_STRINGS) : 0u),
          EntrySize};
}

} // namespace bpfcc
