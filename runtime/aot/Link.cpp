// lld takes names of files, so its input and output lie in a temporary folder
// for as long as it runs.

#include "runtime/aot/Link.h"

#include "support/Diagnostic.h"
#include "support/OutputFile.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace bpfcc::aot {

namespace {

class TemporaryFolder {
public:
  ~TemporaryFolder() {
    if (!Path.empty())
      sys::fs::remove_directories(Path);
  }
  Error make() {
    SmallString<128> At;
    if (std::error_code Why = sys::fs::createUniqueDirectory("bpfcc", At)) {
      sys::path::system_temp_directory(/*ErasedOnReboot=*/true, At);
      return diagError(DiagCode::CannotWrite, {}, At.str(), Why.message());
    }
    Path = At.str().str();
    return Error::success();
  }
  std::string file(StringRef Name) const {
    SmallString<128> At(Path);
    sys::path::append(At, Name);
    return At.str().str();
  }

private:
  std::string Path;
};

} // namespace

Expected<std::string> linkShared(StringRef Object) {
  TemporaryFolder Folder;
  if (Error E = Folder.make())
    return std::move(E);
  std::string In = Folder.file("code.o"), Out = Folder.file("code.so");
  if (Error E = writeOutput(In, Object))
    return std::move(E);
  const char *Arguments[] = {
      "ld.lld",          "-shared",          "-Bsymbolic", "--strip-all",
      "--build-id=none", "--hash-style=gnu", "-znow",      "-o",
      Out.c_str(),       In.c_str()};
  std::string Said;
  raw_string_ostream To(Said);
  lld::Result R =
      lld::lldMain(Arguments, To, To, {{lld::Gnu, &lld::elf::link}});
  if (R.retCode)
    return diagError(DiagCode::Internal, {}, "lld: " + Said);
  auto Bytes = MemoryBuffer::getFile(Out, /*IsText=*/false,
                                     /*RequiresNullTerminator=*/false);
  if (!Bytes)
    return diagError(DiagCode::CannotOpen, {}, Out, Bytes.getError().message());
  return (*Bytes)->getBuffer().str();
}

} // namespace bpfcc::aot
