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

void bigWord(std::string &S, uint32_t V) {
  for (unsigned B = 4; B-- != 0;)
    S += char(V >> (8 * B));
}

/// A block of a little-endian pcapng file: \p Body is a multiple of 4 bytes.
std::string block(uint32_t Type, const std::string &Body) {
  std::string S;
  word(S, Type);
  word(S, uint32_t(Body.size() + 12));
  S += Body;
  word(S, uint32_t(Body.size() + 12));
  return S;
}

std::string sectionHeader() {
  std::string Body;
  for (uint32_t V : {0x1a2b3c4du, 1u, ~0u, ~0u})
    word(Body, V);
  return block(0x0a0d0d0a, Body);
}

std::string interface(uint32_t Link, uint32_t SnapLength = 65535) {
  std::string Body;
  word(Body, Link);
  word(Body, SnapLength);
  return block(1, Body);
}

/// An enhanced packet block with the packet `abcd` of interface \p From.
std::string packet(uint32_t From) {
  std::string Body;
  for (uint32_t V : {From, 0u, 0u, 4u, 4u})
    word(Body, V);
  return block(6, Body + "abcd");
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
  EXPECT_EQ((*R)[0].vec(), (std::vector<uint8_t>{'a', 'b', 'c', 'd'}));
}

TEST_F(PcapTest, ReadsNanosecondsAndBigEndianFiles) {
  for (uint32_t Magic : {0xa1b2c3d4u, 0xa1b23c4du}) {
    std::string S;
    for (uint32_t V : {Magic, 0x00020004u, 0u, 0u, 65535u, 1u})
      bigWord(S, V);
    for (uint32_t V : {1u, 999999999u, 4u, 9u})
      bigWord(S, V);
    auto R = readPcap(write(S + "abcd"));
    ASSERT_TRUE(bool(R)) << takeMessages(R.takeError());
    ASSERT_EQ(R->size(), 1u);
    EXPECT_EQ((*R)[0].vec(), (std::vector<uint8_t>{'a', 'b', 'c', 'd'}));
  }
}

TEST_F(PcapTest, ReadsPcapng) {
  auto R = readPcap(write(sectionHeader() + interface(1) + interface(1) +
                          packet(0) + packet(1)));
  ASSERT_TRUE(bool(R)) << takeMessages(R.takeError());
  ASSERT_EQ(R->size(), 2u);
  EXPECT_EQ((*R)[1].vec(), (std::vector<uint8_t>{'a', 'b', 'c', 'd'}));
}

TEST_F(PcapTest, RefusesPcapngWithDifferentInterfaces) {
  EXPECT_THAT(error(sectionHeader() + interface(1) + packet(0) +
                    interface(105) + packet(1)),
              testing::HasSubstr("after 1 packets: an interface has a type"));
  EXPECT_THAT(error(sectionHeader() + interface(1) + interface(1, 100)),
              testing::HasSubstr("snapshot length"));
  EXPECT_THAT(error(sectionHeader() + interface(1) + packet(7)),
              testing::HasSubstr("7"));
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
