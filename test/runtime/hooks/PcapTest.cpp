#include "runtime/hooks/Pcap.h"
#include "support/Diagnostic.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/raw_ostream.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace bpfcc;

namespace {

void word(std::string &S, uint32_t V) {
  for (unsigned B = 0; B != 4; ++B)
    S += char(V >> (8 * B));
}

/// A little-endian capture of link type \p Link with one packet `abcd`.
std::string capture(uint32_t Link) {
  std::string S;
  for (uint32_t V : {0xa1b2c3d4u, 0x00040002u, 0u, 0u, 65535u, Link})
    word(S, V);
  for (uint32_t V : {1u, 2u, 4u, 4u})
    word(S, V);
  return S + "abcd";
}

class PcapTest : public testing::Test {
protected:
  std::string write(const std::string &Bytes) {
    llvm::SmallString<64> Path;
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("bpfcc", "pcap", Path));
    std::error_code EC;
    llvm::raw_fd_ostream(Path, EC) << Bytes;
    Files.emplace_back(Path);
    return std::string(Path);
  }
  std::string error(const std::string &Bytes) {
    auto R = readPcap(write(Bytes));
    return R ? "it is read" : takeMessages(R.takeError());
  }
  std::vector<llvm::FileRemover> Files;
};

TEST_F(PcapTest, ReadsFrames) {
  auto R = readPcap(write(capture(1)));
  ASSERT_TRUE(bool(R)) << takeMessages(R.takeError());
  ASSERT_EQ(R->size(), 1u);
  EXPECT_EQ((*R)[0], (std::vector<uint8_t>{'a', 'b', 'c', 'd'}));
}

TEST_F(PcapTest, RefusesOtherLinkTypes) {
  EXPECT_THAT(error(capture(105)), testing::HasSubstr("IEEE802_11"));
}

TEST_F(PcapTest, RefusesDamage) {
  std::string Whole = capture(1);
  EXPECT_THAT(error(Whole.substr(0, Whole.size() - 2)),
              testing::HasSubstr("after 0 packets: truncated"));
  EXPECT_THAT(error(Whole.substr(0, 10)), testing::HasSubstr("truncated"));
  EXPECT_THAT(error(""), testing::HasSubstr("not a usable packet capture"));
  EXPECT_THAT(error("no capture at all"), testing::HasSubstr("unknown file"));
}

TEST_F(PcapTest, NamesAMissingFile) {
  auto R = readPcap("/nonexistent.pcap");
  ASSERT_FALSE(bool(R));
  EXPECT_EQ(takeMessages(R.takeError()),
            "cannot open `/nonexistent.pcap`: No such file or directory");
}

} // namespace
