#include "support/OutputFile.h"

#include "support/Diagnostic.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"

#include <unistd.h>

namespace bpfcc {

namespace fs = llvm::sys::fs;

static std::error_code writeAll(int Handle, llvm::StringRef Bytes) {
  while (!Bytes.empty()) {
    ssize_t Done = ::write(Handle, Bytes.data(), Bytes.size());
    if (Done < 0 && errno == EINTR)
      continue;
    if (Done < 0)
      return std::error_code(errno, std::generic_category());
    Bytes = Bytes.drop_front(size_t(Done));
  }
  return {};
}

static std::error_code writeInPlace(llvm::StringRef Path,
                                    llvm::StringRef Bytes) {
  int Handle = -1;
  if (std::error_code EC =
          fs::openFileForWrite(Path, Handle, fs::CD_OpenExisting))
    return EC;
  std::error_code Written = writeAll(Handle, Bytes);
  std::error_code Closed = fs::closeFile(Handle);
  return Written ? Written : Closed;
}

static std::error_code writeAndRename(llvm::StringRef Path,
                                      llvm::StringRef Bytes) {
  // A link stays a link: what it points to is replaced.
  llvm::SmallString<256> Real;
  if (fs::is_symlink_file(Path) && !fs::real_path(Path, Real))
    Path = Real;
  auto Temporary =
      fs::TempFile::create(Path + ".tmp%%%%%%%%", fs::all_read | fs::all_write);
  if (!Temporary)
    return llvm::errorToErrorCode(Temporary.takeError());
  std::error_code Written = writeAll(Temporary->FD, Bytes);
  if (!Written) {
    // As open(2) would have made it: the user's mask decides.
    fs::setPermissions(Temporary->FD, fs::perms((fs::all_read | fs::all_write) &
                                                ~fs::getUmask()));
    return llvm::errorToErrorCode(Temporary->keep(Path));
  }
  llvm::consumeError(Temporary->discard());
  return Written;
}

llvm::Error writeOutput(llvm::StringRef Path, llvm::StringRef Bytes) {
  std::error_code EC;
  fs::file_status Status;
  if (Path.empty() || Path == "-")
    EC = writeAll(STDOUT_FILENO, Bytes);
  else if (!fs::status(Path, Status) && !fs::is_regular_file(Status))
    EC = fs::is_directory(Status)
             ? std::make_error_code(std::errc::is_a_directory)
             : writeInPlace(Path, Bytes);
  else
    EC = writeAndRename(Path, Bytes);
  if (!EC)
    return llvm::Error::success();
  bool Standard = Path.empty() || Path == "-";
  return diagError(DiagCode::CannotWrite, {},
                   Standard ? llvm::StringRef("standard output") : Path,
                   EC.message());
}

llvm::Error flushStandardOutput() {
  llvm::outs().flush();
  if (!llvm::outs().has_error())
    return llvm::Error::success();
  std::string Why = llvm::outs().error().message();
  llvm::outs().clear_error();
  return diagError(DiagCode::CannotWrite, {}, "standard output", Why);
}

} // namespace bpfcc
