#include "frontend/headers/HeaderFileSystem.h"

#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

#include <system_error>

namespace bpfcc {

namespace {

using llvm::vfs::Status;

constexpr uint64_t HeaderDevice = 0x6270666363; // no real device has it
constexpr uint64_t FolderBit = uint64_t(1) << 63;

class HeaderFile : public llvm::vfs::File {
public:
  HeaderFile(HeaderPack::Entry E, Status S)
      : TheEntry(E), TheStatus(std::move(S)) {}

  llvm::ErrorOr<Status> status() override { return TheStatus; }
  std::error_code close() override { return {}; }

  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>
  getBuffer(const llvm::Twine &Name, int64_t, bool, bool) override {
    auto Buffer = HeaderPack::read(TheEntry, Name);
    if (!Buffer)
      return llvm::errorToErrorCode(Buffer.takeError());
    return std::move(*Buffer);
  }

private:
  HeaderPack::Entry TheEntry;
  Status TheStatus;
};

class HeaderFileSystem : public llvm::vfs::FileSystem {
public:
  explicit HeaderFileSystem(HeaderPack P) : Pack(P) {}

  llvm::ErrorOr<Status> status(const llvm::Twine &Path) override {
    llvm::SmallString<128> Storage;
    llvm::StringRef Full = Path.toStringRef(Storage);
    auto Name = nameInPack(Full);
    if (!Name)
      return std::make_error_code(std::errc::no_such_file_or_directory);
    if (auto E = Pack.find(*Name))
      return fileStatus(Full, *E);
    if (Pack.hasFolder(*Name))
      return Status(Full,
                    llvm::sys::fs::UniqueID(
                        HeaderDevice, FolderBit | llvm::xxh3_64bits(*Name)),
                    {}, 0, 0, 0, llvm::sys::fs::file_type::directory_file,
                    llvm::sys::fs::perms::all_read);
    return std::make_error_code(std::errc::no_such_file_or_directory);
  }

  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
  openFileForRead(const llvm::Twine &Path) override {
    llvm::SmallString<128> Storage;
    llvm::StringRef Full = Path.toStringRef(Storage);
    auto Name = nameInPack(Full);
    if (Name)
      if (auto E = Pack.find(*Name))
        return std::make_unique<HeaderFile>(*E, fileStatus(Full, *E));
    return std::make_error_code(std::errc::no_such_file_or_directory);
  }

  llvm::vfs::directory_iterator dir_begin(const llvm::Twine &,
                                          std::error_code &EC) override {
    EC = std::make_error_code(std::errc::no_such_file_or_directory);
    return {};
  }

  std::error_code setCurrentWorkingDirectory(const llvm::Twine &) override {
    return {};
  }
  llvm::ErrorOr<std::string> getCurrentWorkingDirectory() const override {
    return std::string(HeaderRoot);
  }
  std::error_code getRealPath(const llvm::Twine &Path,
                              llvm::SmallVectorImpl<char> &Out) override {
    auto S = status(Path);
    if (!S)
      return S.getError();
    Path.toVector(Out);
    return {};
  }

private:
  static std::optional<std::string> nameInPack(llvm::StringRef Path) {
    if (!Path.starts_with(HeaderRoot))
      return std::nullopt;
    llvm::SmallString<128> Clean(Path);
    llvm::sys::path::remove_dots(Clean, /*remove_dot_dot=*/true);
    llvm::StringRef Rest(Clean);
    if (!Rest.consume_front(HeaderRoot) ||
        (!Rest.empty() && !Rest.consume_front("/")))
      return std::nullopt;
    return Rest.str();
  }

  static Status fileStatus(llvm::StringRef Path, const HeaderPack::Entry &E) {
    return Status(Path, llvm::sys::fs::UniqueID(HeaderDevice, E.Index), {}, 0,
                  0, E.RawSize, llvm::sys::fs::file_type::regular_file,
                  llvm::sys::fs::perms::all_read);
  }

  HeaderPack Pack;
};

} // namespace

llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>
createHeaderFileSystem(HeaderPack Pack) {
  return llvm::makeIntrusiveRefCnt<HeaderFileSystem>(Pack);
}

llvm::Expected<llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>>
createCompilerFileSystem() {
  auto Pack = builtinHeaders();
  if (!Pack)
    return Pack.takeError();
  auto Overlay = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(
      llvm::vfs::getRealFileSystem());
  Overlay->pushOverlay(createHeaderFileSystem(*Pack));
  return Overlay;
}

std::vector<std::string> builtinIncludeFolders(const HeaderPack &Pack,
                                               llvm::StringRef Arch) {
  std::vector<std::string> Folders;
  auto Add = [&](const llvm::Twine &Name) {
    Folders.push_back((HeaderRoot + "/" + Name).str());
  };
  Add("clang");
  Add("include");
  if (Pack.hasFolder(("vmlinux/" + Arch).str()))
    Add("vmlinux/" + Arch);
  Add("asm/" +
      (Pack.hasFolder(("asm/" + Arch).str()) ? Arch : hostTargetArch()));
  return Folders;
}

} // namespace bpfcc
