#include "support/InputFile.h"

#include "support/Diagnostic.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace bpfcc {

Expected<std::unique_ptr<MemoryBuffer>> readInputFile(StringRef Name) {
  sys::fs::file_status Status;
  if (!sys::fs::status(Name, Status) &&
      (Status.type() == sys::fs::file_type::character_file ||
       Status.type() == sys::fs::file_type::block_file))
    return diagError(DiagCode::CannotOpen, {}, Name, "it is a device");
  // Files below /sys say a size that they do not have.
  auto Buffer = Name.starts_with("/sys/")
                    ? MemoryBuffer::getFileAsStream(Name)
                    : MemoryBuffer::getFile(Name, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return diagError(DiagCode::CannotOpen, {}, Name,
                     Buffer.getError().message());
  return std::move(*Buffer);
}

} // namespace bpfcc
