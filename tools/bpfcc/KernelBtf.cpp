#include "tools/bpfcc/KernelBtf.h"

#include "backend/object/ElfFile.h"
#include "support/Diagnostic.h"

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

Error KernelBtf::read(const std::string &Name) {
  // Files below /sys have no size.
  auto Buffer = MemoryBuffer::getFileAsStream(Name);
  if (!Buffer)
    return diagError(DiagCode::CannotOpen, {}, Name,
                     Buffer.getError().message());
  StringRef Text = (*Buffer)->getBuffer();
  ArrayRef<uint8_t> Bytes(reinterpret_cast<const uint8_t *>(Text.data()),
                          Text.size());
  Object Elf;
  if (Text.starts_with("\x7f"
                       "ELF")) {
    auto Read = readElf(Bytes, Name);
    if (!Read)
      return Read.takeError();
    Elf = std::move(*Read);
    const Section *S = Elf.findSection(".BTF");
    if (!S)
      return diagError(DiagCode::BadObject, {Name, 0, 0},
                       "it has no section `.BTF`");
    Bytes = S->Data;
  }
  constexpr uint8_t BigEndianMagic = 0xeb;
  auto Read = readBtf(Bytes, {}, !Bytes.empty() && Bytes[0] == BigEndianMagic);
  if (!Read)
    return diagError(DiagCode::BadObject, {Name, 0, 0},
                     takeMessages(Read.takeError()));
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
