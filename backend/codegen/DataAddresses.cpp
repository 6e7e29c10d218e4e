#include "backend/codegen/DataAddresses.h"

#include "support/Diagnostic.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace bpfcc {

static SourceLoc declarationOf(const Module &M, StringRef Name) {
  const GlobalVariable *G = M.getNamedGlobal(Name);
  SmallVector<DIGlobalVariableExpression *, 1> Info;
  if (G)
    G->getDebugInfo(Info);
  if (Info.empty())
    return {};
  const DIGlobalVariable *V = Info[0]->getVariable();
  return {V->getFilename().str(), V->getLine(), 0};
}

Error findAddressesInData(const Module &M, const Object &O) {
  Error Warnings = Error::success();
  for (const Symbol &S : O.Symbols) {
    if (S.Section < 0 || S.Type != ELF::STT_OBJECT)
      continue;
    const Section &In = O.Sections[size_t(S.Section)];
    bool Holds = isDataSection(In.Name) &&
                 llvm::any_of(In.Relocs, [&](const Relocation &R) {
                   return R.Offset - S.Value < S.Size;
                 });
    if (Holds)
      Warnings =
          joinErrors(std::move(Warnings),
                     withHelp(diagError(DiagCode::AddressInData,
                                        declarationOf(M, S.Name), S.Name),
                              "let an array hold text itself, as in `char " +
                                  S.Name + "[][16]`, or choose by `switch`"));
  }
  return Warnings;
}

} // namespace bpfcc
