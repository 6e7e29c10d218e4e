#include "frontend/compile/CacheFolder.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include "gtest/gtest.h"

#include <chrono>
#include <thread>

using namespace bpfcc;
namespace fs = llvm::sys::fs;

namespace {

class CacheFolderTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(fs::createUniqueDirectory("bpfcc-cache", Folder));
  }
  void TearDown() override { fs::remove_directories(Folder); }

  std::string file(const llvm::Twine &Name) const {
    return (Folder + "/" + Name).str();
  }

  static bool write(const std::string &Path, llvm::StringRef Text) {
    std::error_code EC;
    llvm::raw_fd_ostream OS(Path, EC);
    OS << Text;
    return !EC;
  }

  /// How often offer() had \p Text made.
  unsigned offer(const CacheFolder &Cache, llvm::StringRef Key,
                 llvm::StringRef Text) {
    unsigned Made = 0;
    Cache.offer(Key, [&](const std::string &Path) {
      ++Made;
      return write(Path, Text);
    });
    return Made;
  }

  static std::string contents(const CacheFolder &Cache, llvm::StringRef Key) {
    auto Found = Cache.find(Key);
    return Found ? Found->getBuffer().str() : "nothing";
  }

  llvm::SmallString<128> Folder;
};

TEST_F(CacheFolderTest, StoresWhatIsMissedTwice) {
  CacheFolder Cache(file("new"));
  EXPECT_EQ(contents(Cache, "a"), "nothing");
  EXPECT_EQ(offer(Cache, "a", "text"), 0u);
  EXPECT_EQ(offer(Cache, "b", "text"), 0u);
  EXPECT_EQ(contents(Cache, "a"), "nothing");
  EXPECT_EQ(offer(Cache, "a", "text"), 1u);
  EXPECT_EQ(contents(Cache, "a"), "text");
  EXPECT_EQ(contents(Cache, "b"), "nothing");
}

TEST_F(CacheFolderTest, IsForItsOwnerAlone) {
  CacheFolder Cache(file("new"));
  offer(Cache, "a", "text");
  fs::file_status Status;
  ASSERT_FALSE(fs::status(file("new"), Status));
  EXPECT_EQ(Status.permissions(), fs::perms::owner_all);
}

TEST_F(CacheFolderTest, RemovesWhatIsNotAsStored) {
  CacheFolder Cache(Folder);
  offer(Cache, "a", "text");
  offer(Cache, "a", "text");
  auto Whole = llvm::MemoryBuffer::getFile(file("a.entry"));
  ASSERT_TRUE(bool(Whole));
  std::string Bytes = (*Whole)->getBuffer().str();
  for (std::string Wrong :
       {Bytes.substr(0, 5), Bytes.substr(1), "T" + Bytes, std::string()}) {
    ASSERT_TRUE(write(file("a.entry"), Wrong));
    EXPECT_EQ(contents(Cache, "a"), "nothing");
    EXPECT_FALSE(fs::exists(file("a.entry")));
  }
  EXPECT_EQ(offer(Cache, "a", "other"), 1u);
  EXPECT_EQ(contents(Cache, "a"), "other");
}

TEST_F(CacheFolderTest, DoesNotTryAtOnceWhatHasFailed) {
  CacheFolder Cache(Folder);
  offer(Cache, "a", "text");
  unsigned Tried = 0;
  for (int N = 0; N < 3; ++N)
    Cache.offer("a", [&](const std::string &Path) {
      ++Tried;
      write(Path, "half");
      return false;
    });
  EXPECT_EQ(Tried, 1u);
  EXPECT_EQ(contents(Cache, "a"), "nothing");

  int File = -1;
  ASSERT_FALSE(fs::openFileForWrite(file("a.lock"), File, fs::CD_OpenExisting));
  fs::setLastAccessAndModificationTime(File, std::chrono::system_clock::now() -
                                                 std::chrono::hours(1));
  fs::closeFile(File);
  EXPECT_EQ(offer(Cache, "a", "text"), 1u);
  EXPECT_EQ(contents(Cache, "a"), "text");
}

TEST_F(CacheFolderTest, LeavesToOneWhatSeveralMiss) {
  CacheFolder Cache(Folder);
  offer(Cache, "a", "text");
  Cache.offer("a", [&](const std::string &Path) {
    EXPECT_EQ(offer(Cache, "a", "second"), 0u);
    return write(Path, "first");
  });
  EXPECT_EQ(contents(Cache, "a"), "first");
}

TEST_F(CacheFolderTest, RemovesWhatWasNotUsedForLongest) {
  std::string Text(100, 'x');
  CacheFolder Cache(Folder, /*MostBytes=*/250);
  for (llvm::StringRef Key : {"a", "b", "c"}) {
    offer(Cache, Key, Text);
    if (Key == "c")
      EXPECT_EQ(contents(Cache, "a"), Text);
    offer(Cache, Key, Text);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(contents(Cache, "a"), Text);
  EXPECT_EQ(contents(Cache, "b"), "nothing");
  EXPECT_EQ(contents(Cache, "c"), Text);
}

TEST_F(CacheFolderTest, DoesNothingWhereNothingCanBeWritten) {
  ASSERT_TRUE(write(file("plain"), ""));
  CacheFolder Cache(file("plain/folder"));
  EXPECT_EQ(offer(Cache, "a", "text"), 0u);
  EXPECT_EQ(offer(Cache, "a", "text"), 0u);
  EXPECT_EQ(contents(Cache, "a"), "nothing");
}

} // namespace
