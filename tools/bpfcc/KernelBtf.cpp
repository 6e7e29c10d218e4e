#include "tools/bpfcc/KernelBtf.h"

#include "support/Diagnostic.h"
#include "support/InputFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <sys/utsname.h>

using namespace llvm;

namespace bpfcc::tools {

static constexpr const char *Running = "/sys/kernel/btf/vmlinux";

/// Whether this machine runs Linux \p V.
static bool runs(target::KernelVersion V) {
  utsname Name;
  return uname(&Name) == 0 && target::parseKernelVersion(Name.release) == V;
}

/// The bytes of section `.BTF` of an ELF file for any machine.
static Expected<StringRef> btfSection(MemoryBufferRef File) {
  auto Elf = object::ObjectFile::createELFObjectFile(File);
  if (!Elf)
    return Elf.takeError();
  for (const object::SectionRef &S : (*Elf)->sections()) {
    Expected<StringRef> Name = S.getName();
    if (!Name)
      return Name.takeError();
    if (*Name == ".BTF")
      return S.getContents();
  }
  return createStringError("it has no section `.BTF`");
}

Error KernelBtf::read(const std::string &Name) {
  auto Buffer = readInputFile(Name);
  if (!Buffer)
    return Buffer.takeError();
  StringRef Text = (*Buffer)->getBuffer();
  ArrayRef<uint8_t> Bytes(reinterpret_cast<const uint8_t *>(Text.data()),
                          Text.size());
  if (Text.starts_with("\x7f"
                       "ELF")) {
    auto Section = btfSection((*Buffer)->getMemBufferRef());
    if (!Section)
      return diagError(DiagCode::BadObject, {Name, 0, 0},
                       takeMessages(Section.takeError()));
    Bytes = arrayRefFromStringRef(*Section);
  }
  if (Bytes.empty())
    return diagError(DiagCode::BadObject, {Name, 0, 0}, "it holds no types");
  constexpr uint8_t BigEndianMagic = 0xeb;
  auto Read = readBtf(Bytes, {}, Bytes[0] == BigEndianMagic);
  if (!Read)
    return handleErrors(Read.takeError(),
                        [&](const DiagnosticError &E) -> Error {
                          Diagnostic D = E.diagnostic();
                          D.Loc.File = Name;
                          return make_error<DiagnosticError>(std::move(D));
                        });
  Types = std::make_unique<KernelTypes>(std::move(*Read));
  return Error::success();
}

Expected<const KernelTypes *> KernelBtf::typesFor(target::KernelVersion V) {
  bool Given = !File.empty();
  if (!Given && (!runs(V) || !sys::fs::exists(Running)))
    return nullptr;
  if (!Types)
    if (Error E = read(Given ? File : Running))
      return std::move(E);
  return Types.get();
}

} // namespace bpfcc::tools
