#include "backend/link/Bitcode.h"

#include "support/Diagnostic.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Module.h"

namespace bpfcc::link {

using namespace llvm;

bool isBitcode(StringRef Bytes) {
  return identify_magic(Bytes) == file_magic::bitcode;
}

Expected<Object> bitcodeSymbols(StringRef Bytes, StringRef Name) {
  LLVMContext Context;
  auto M = getLazyBitcodeModule(MemoryBufferRef(Bytes, Name), Context,
                                /*ShouldLazyLoadMetadata=*/true);
  if (!M)
    return diagError(DiagCode::BadObject, {Name.str(), 0, 0},
                     toString(M.takeError()));
  Object O;
  O.BigEndian = (*M)->getDataLayout().isBigEndian();
  for (const GlobalValue &G : (*M)->global_values()) {
    if (G.hasLocalLinkage() || G.getName().starts_with("llvm."))
      continue;
    Symbol &S = O.Symbols.emplace_back();
    S.Name = G.getName().str();
    S.Section = G.isDeclarationForLinker() ? -1 : 0;
    S.Binding = G.isWeakForLinker() || G.hasExternalWeakLinkage()
                    ? ELF::STB_WEAK
                    : ELF::STB_GLOBAL;
  }
  return O;
}

} // namespace bpfcc::link
