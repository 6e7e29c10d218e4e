#include "runtime/aot/Load.h"

#include "include/bpfcc/native.h"
#include "runtime/aot/Fingerprint.h"
#include "runtime/aot/Table.h"
#include "runtime/aot/Targets.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"

#include <dlfcn.h>

using namespace llvm;

namespace bpfcc::aot {

static Error userError(const Twine &What) {
  return diagError(DiagCode::RunError, {}, What.str());
}

Expected<std::optional<ArrayRef<uint8_t>>>
embeddedObject(ArrayRef<uint8_t> File, StringRef Name) {
  constexpr std::nullopt_t None = std::nullopt;
  MemoryBufferRef Buffer(toStringRef(File), Name);
  if (!Buffer.getBuffer().starts_with(ELF::ElfMagic))
    return None;
  auto Read = object::ObjectFile::createELFObjectFile(Buffer);
  if (!Read) {
    consumeError(Read.takeError());
    return None;
  }
  const auto &Elf = cast<object::ELFObjectFileBase>(**Read);
  const Target *T = targetByMachine(Elf.getEMachine());
  if (!T)
    return None;
  for (const object::SectionRef &S : Elf.sections()) {
    auto Called = S.getName();
    auto Bytes = S.getContents();
    if (Called && Bytes && *Called == ObjectSection) {
      const Target *Host = hostTarget();
      if (T != Host)
        return userError("`" + Name + "` is code for " + T->Words +
                         ", this machine is " +
                         (Host ? Host->Words : "another"));
      return arrayRefFromStringRef(*Bytes);
    }
    consumeError(Called.takeError());
    consumeError(Bytes.takeError());
  }
  return userError("`" + Name + "` is a file for " + T->Words +
                   " that `bpfcc run --emit-native` did not make");
}

Expected<jit::Placed> loadNative(StringRef Path, const Program &P,
                                 Environment &Env) {
  if (Env.Worker)
    return userError("`" + Path + "` is code for one thread");
  // A name without a folder would be looked for among libraries.
  SmallString<128> File(Path);
  if (std::error_code Why = sys::fs::make_absolute(File))
    return diagError(DiagCode::CannotOpen, {}, Path, Why.message());
  std::shared_ptr<void> Holder(dlopen(File.c_str(), RTLD_NOW | RTLD_LOCAL),
                               [](void *Handle) {
                                 if (Handle)
                                   dlclose(Handle);
                               });
  if (!Holder)
    return userError(StringRef(dlerror()));
  auto *Native = static_cast<const bpfcc_native *>(
      dlsym(Holder.get(), BPFCC_NATIVE_SYMBOL));
  if (!Native)
    return userError(StringRef(dlerror()));
  if (Native->abi != BPFCC_NATIVE_ABI)
    return userError("`" + Path + "` was made for version " +
                     Twine(Native->abi) +
                     " of bpfcc's interface of native code, this bpfcc has " +
                     Twine(BPFCC_NATIVE_ABI) + ": make it again");
  Predecoded Code(P, Env);
  predecode(Code);
  if (Native->num_functions != P.Subprogs.size() ||
      Native->analysis != fingerprint(analyse(Code)))
    return userError("another version of bpfcc made `" + Path +
                     "`: make it again");
  jit::Placed Out;
  Out.Enter = reinterpret_cast<uint64_t>(Native->enter);
  for (uint32_t N = 0; N != Native->num_functions; ++N) {
    Out.Funcs.push_back(reinterpret_cast<uint64_t>(Native->functions[N].call));
    Out.Bodies.push_back(reinterpret_cast<uint64_t>(Native->functions[N].body));
  }
  for (uint32_t N = 0; N != Native->num_sites; ++N) {
    const bpfcc_native_site &S = Native->sites[N];
    Out.Sites.push_back({S.callee, S.inst, S.written, S.saved});
  }
  Out.Holder = std::move(Holder);
  return Out;
}

} // namespace bpfcc::aot
