// `bpfcc gen headers FOLDER`: the headers in the box as files, for editors and
// other tools that read sources but cannot look into this program.

#include "tools/bpfcc/GenHeaders.h"
#include "frontend/headers/HeaderFileSystem.h"
#include "support/Diagnostic.h"
#include "support/OutputFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace bpfcc::tools {

/// Leaves a file that is as it should be untouched, so that nobody who depends
/// on it is made again.
static Error writeIfChanged(StringRef Path, StringRef Bytes) {
  if (auto Old = MemoryBuffer::getFile(Path);
      Old && (*Old)->getBuffer() == Bytes)
    return Error::success();
  if (std::error_code EC =
          sys::fs::create_directories(sys::path::parent_path(Path)))
    return diagError(DiagCode::CannotWrite, {}, Path, EC.message());
  return writeOutput(Path, Bytes);
}

Error writeHeaders(StringRef Folder) {
  auto Pack = builtinHeaders();
  if (!Pack)
    return Pack.takeError();
  for (uint32_t N = 0; N != Pack->size(); ++N) {
    HeaderPack::Entry E = Pack->entry(N);
    if (E.Name.starts_with("clang/"))
      continue; // each compiler has its own
    auto Text = HeaderPack::read(E, E.Name);
    if (!Text)
      return Text.takeError();
    SmallString<256> Path(Folder);
    sys::path::append(Path, E.Name);
    if (Error Failed = writeIfChanged(Path, (*Text)->getBuffer()))
      return Failed;
  }
  return Error::success();
}

} // namespace bpfcc::tools
