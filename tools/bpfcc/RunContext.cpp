#include "tools/bpfcc/RunContext.h"

#include "support/Diagnostic.h"
#include "tools/bpfcc/ReadValue.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::tools {

/// The type of what the context of \p S points to; 0 if nobody knows.
static uint32_t contextType(const BtfFile &Btf, const Subprog &S) {
  for (const BtfFile::Type &F : Btf.Types) {
    if (F.K != btf::KindFunc || F.Name != S.Name)
      continue;
    const BtfFile::Type &Proto = Btf.type(F.Target);
    if (Proto.Members.empty())
      return 0;
    const BtfFile::Type &Ctx = Btf.type(Btf.strip(Proto.Members[0].Type));
    return Ctx.K == btf::KindPtr ? Ctx.Target : 0;
  }
  return 0;
}

Expected<std::vector<uint8_t>> contextBytes(const RunOptions &O,
                                            const Program &P, const Subprog &S,
                                            const BtfFile &Btf, uint64_t Size) {
  if (!O.Ctx)
    return std::vector<uint8_t>(Size);
  if (!O.CtxIsJson)
    return *O.Ctx;
  uint32_t Type = contextType(Btf, S);
  if (!Btf.sizeOf(Type))
    return diagError(
        DiagCode::RunError, {},
        "the context of `" + S.Name +
            "` has no type that --ctx could say the members of: give "
            "its bytes in hexadecimal, or compile with -g and declare "
            "its argument as a pointer to a structure");
  auto Bytes = readValue(Btf, Type, toStringRef(*O.Ctx), P.BigEndian);
  if (Bytes && Bytes->size() < Size)
    Bytes->resize(Size);
  return Bytes;
}

} // namespace bpfcc::tools
