#include "tools/bpfcc/RunFile.h"

#include "backend/object/ElfFile.h"
#include "runtime/aot/Emit.h"
#include "runtime/aot/Load.h"
#include "runtime/jit/Jit.h"
#include "runtime/verify/Proof.h"
#include "support/Diagnostic.h"
#include "support/InputFile.h"
#include "support/OutputFile.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::tools {

static Error userError(const Twine &What) {
  return diagError(DiagCode::RunError, {}, What.str());
}

Expected<RunFile> loadRunFile(const RunOptions &O) {
  RunFile Out;
  auto Buffer = readInputFile(O.File);
  if (!Buffer)
    return Buffer.takeError();
  Out.File = std::move(*Buffer);
  ArrayRef<uint8_t> Bytes = arrayRefFromStringRef(Out.File->getBuffer());
  auto Embedded = aot::embeddedObject(Bytes, O.File);
  if (!Embedded)
    return Embedded.takeError();
  Out.IsNative = Embedded->has_value();
  auto Obj = readElf(Embedded->value_or(Bytes), O.File);
  if (!Obj)
    return Obj.takeError();
  LoadOptions Load;
  Load.Kconfig = O.Kconfig;
  if (Error E = loadProgram(*Obj, O.File, Load).moveInto(Out.P))
    return std::move(E);
  return std::move(Out);
}

Error writeNative(const RunOptions &O, const RunFile &From) {
  const aot::Target *T =
      O.Target.empty() ? aot::hostTarget() : aot::targetByName(O.Target);
  if (!T) {
    std::string Names;
    for (const aot::Target &Each : aot::targets())
      Names += (Names.empty() ? "" : ", ") + std::string(Each.Name);
    return withHelp(userError(O.Target.empty()
                                  ? "there is no native code for this machine"
                                  : "--target: there is no native code for `" +
                                        O.Target + "`"),
                    "targets: " + Names);
  }
  if (From.IsNative)
    return userError("`" + O.File +
                     "` is native code already: --emit-native "
                     "takes the object");
  auto Code = aot::emitNative(From.P, *T,
                              arrayRefFromStringRef(From.File->getBuffer()));
  if (!Code)
    return Code.takeError();
  Error Warnings = Error::success();
  for (uint32_t N : Code->Interpreted)
    Warnings =
        joinErrors(std::move(Warnings), diagError(DiagCode::NotNative, {O.File},
                                                  From.P.Subprogs[N].Name));
  reportErrors(errs(), std::move(Warnings));
  return writeOutput(O.EmitNative, Code->Bytes);
}

Expected<Engine> makeEngine(const RunOptions &O, const RunFile &From,
                            Environment &Env) {
  if (!From.IsNative || O.Jit != EngineKind::Best)
    return Engine::make(From.P, Env, O.Jit,
                        [&P = From.P] { return verify::needsNoChecks(P); });
  auto Code = aot::loadNative(O.File, From.P, Env);
  if (!Code)
    return Code.takeError();
  return Engine::of(From.P, Env, Jit::adopt(From.P, Env, std::move(*Code)));
}

} // namespace bpfcc::tools
