// Three kinds of files, all named after keys:
//
//   KEY.seen   somebody missed KEY
//   KEY.lock   somebody is making it, or could not make it
//   KEY.entry  the bytes, then 8 bytes of their hash
//
// An entry is written under a name of its own and renamed when it is complete;
// a reader that has opened one keeps it though it is removed.

#include "frontend/compile/CacheFolder.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace bpfcc {

namespace fs = llvm::sys::fs;

static constexpr size_t HashSize = 8;

/// Whether \p Name was not there, and is now.
static bool create(const llvm::Twine &Name) {
  int File = -1;
  if (fs::openFileForWrite(Name, File, fs::CD_CreateNew))
    return false;
  llvm::sys::Process::SafelyCloseFileDescriptor(File);
  return true;
}

std::string CacheFolder::file(llvm::StringRef Key,
                              llvm::StringRef Ending) const {
  llvm::SmallString<128> Name(Path);
  llvm::sys::path::append(Name, Key + Ending);
  return Name.str().str();
}

std::unique_ptr<llvm::MemoryBuffer>
CacheFolder::find(llvm::StringRef Key) const {
  std::string Name = file(Key, ".entry");
  int File = -1;
  if (fs::openFileForRead(Name, File))
    return nullptr;
  auto Close = llvm::scope_exit(
      [&] { llvm::sys::Process::SafelyCloseFileDescriptor(File); });
  auto Buffer = llvm::MemoryBuffer::getOpenFile(
      File, Name, /*FileSize=*/-1, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return nullptr;
  llvm::StringRef All = (*Buffer)->getBuffer();
  if (All.size() < HashSize ||
      llvm::support::endian::read64le(All.take_back(HashSize).data()) !=
          llvm::xxh3_64bits(All.drop_back(HashSize))) {
    fs::remove(Name);
    return nullptr;
  }
  fs::setLastAccessAndModificationTime(File, std::chrono::system_clock::now());
  auto Contents = llvm::MemoryBuffer::getOpenFileSlice(
      File, Name, All.size() - HashSize, /*Offset=*/0);
  return Contents ? std::move(*Contents) : nullptr;
}

/// Adds the hash of \p Name's bytes behind them.
static bool seal(const std::string &Name) {
  auto Buffer = llvm::MemoryBuffer::getFile(Name, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return false;
  char Hash[HashSize];
  llvm::support::endian::write64le(Hash,
                                   llvm::xxh3_64bits((*Buffer)->getBuffer()));
  std::error_code EC;
  llvm::raw_fd_ostream OS(Name, EC, fs::CD_OpenExisting, fs::FA_Write,
                          fs::OF_Append);
  if (EC)
    return false;
  OS.write(Hash, HashSize);
  OS.close();
  bool Written = !OS.has_error();
  OS.clear_error();
  return Written;
}

void CacheFolder::offer(
    llvm::StringRef Key,
    llvm::function_ref<bool(const std::string &)> Make) const {
  std::string Seen = file(Key, ".seen"), Lock = file(Key, ".lock");
  if (!fs::exists(Seen)) {
    if (!fs::create_directories(Path, /*IgnoreExisting=*/true,
                                fs::perms::owner_all))
      create(Seen);
    return;
  }
  fs::file_status Status;
  constexpr std::chrono::minutes Longest(10);
  if (!fs::status(Lock, Status) &&
      std::chrono::system_clock::now() - Status.getLastModificationTime() >
          Longest)
    fs::remove(Lock);
  if (!create(Lock))
    return;
  std::string New =
      file(Key, "." + std::to_string(llvm::sys::Process::getProcessId()));
  if (Make(New) && seal(New) && !fs::rename(New, file(Key, ".entry"))) {
    fs::remove(Lock);
    prune();
  } else {
    fs::remove(New);
  }
}

void CacheFolder::prune() const {
  struct Entry {
    llvm::sys::TimePoint<> Used;
    uint64_t Size;
    std::string Name;
  };
  constexpr std::chrono::hours Month(24 * 30);
  std::vector<Entry> Entries;
  uint64_t Sum = 0;
  std::error_code EC;
  for (fs::directory_iterator It(Path, EC), End; !EC && It != End;
       It.increment(EC)) {
    fs::file_status Status;
    if (fs::status(It->path(), Status))
      continue;
    Entry E{Status.getLastModificationTime(), Status.getSize(), It->path()};
    Sum += E.Size;
    if (llvm::sys::path::extension(E.Name) == ".entry")
      Entries.push_back(std::move(E));
    else if (std::chrono::system_clock::now() - E.Used > Month)
      fs::remove(E.Name);
  }
  llvm::sort(Entries,
             [](const Entry &A, const Entry &B) { return A.Used < B.Used; });
  for (const Entry &E : Entries) {
    if (Sum <= MostBytes)
      return;
    if (!fs::remove(E.Name))
      Sum -= E.Size;
  }
}

} // namespace bpfcc
