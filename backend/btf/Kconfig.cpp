#include "backend/btf/Kconfig.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

std::vector<KconfigVariable>
layOutKconfig(const BtfFile &Btf, function_ref<bool(StringRef)> IsUsed) {
  std::vector<KconfigVariable> Variables;
  const BtfFile::Type *Sec = Btf.dataSection(".kconfig");
  if (!Sec)
    return Variables;
  for (const BtfFile::Member &M : Sec->Members) {
    const BtfFile::Type &Var = Btf.type(M.Type);
    if (IsUsed(Var.Name))
      Variables.push_back({Var.Name, Var.Target, 0, Btf.sizeOf(Var.Target)});
  }
  auto Key = [&](const KconfigVariable &V) {
    return std::tuple(8 - Btf.alignOf(V.Type), V.Size, V.Name);
  };
  sort(Variables, [&](const KconfigVariable &A, const KconfigVariable &B) {
    return Key(A) < Key(B);
  });
  uint64_t End = 0;
  for (KconfigVariable &V : Variables) {
    V.Offset = alignTo(End, Btf.alignOf(V.Type));
    End = V.Offset + V.Size;
  }
  return Variables;
}

} // namespace bpfcc
