// bpf_spin_lock, and values that hold one.

#include "World.h"

#include "runtime/memory/Shared.h"

#include <thread>

using namespace bpfcc;

namespace {

constexpr uint32_t Array = 2;
constexpr uint64_t LockFlag = 4;

TEST(SpinLock, OneAtATimeAndOnlyByItsHolder) {
  World W;
  EXPECT_NE(std::string::npos,
            W.error("bpf_spin_unlock", {W.Base}).find("is not held"));
  EXPECT_EQ(0, W.call("bpf_spin_lock", {W.Base}));
  EXPECT_EQ(1u, W.Env.Mem.load(&W.Bytes[0], 4));
  EXPECT_NE(std::string::npos,
            W.error("bpf_spin_lock", {W.Base + 8}).find("held already"));
  EXPECT_NE(std::string::npos,
            W.error("bpf_spin_unlock", {W.Base + 8}).find("is not held"));
  EXPECT_EQ(0, W.call("bpf_spin_unlock", {W.Base}));
  EXPECT_EQ(0u, W.Env.Mem.load(&W.Bytes[0], 4));
}

TEST(SpinLock, NobodyWaitsForWhatIsNoLock) {
  World W;
  W.Bytes[4] = 7;
  EXPECT_NE(std::string::npos,
            W.error("bpf_spin_lock", {W.Base + 4}).find("damaged"));
  EXPECT_NE(std::string::npos,
            W.error("bpf_spin_lock", {W.Base + 1}).find("misaligned"));
  W.Bytes[4] = 1; // nobody gives it back
  EXPECT_NE(std::string::npos,
            W.error("bpf_spin_lock", {W.Base + 4}).find("damaged"));
}

TEST(SpinLock, EndsWithTheRun) {
  World W;
  beginRun(W.Env);
  EXPECT_EQ(0, W.call("bpf_spin_lock", {W.Base}));
  llvm::Expected<uint64_t> R0 = 0;
  endRun(W.Env, R0);
  ASSERT_FALSE(R0);
  EXPECT_NE(std::string::npos,
            takeMessages(R0.takeError()).find("ends with a spin lock held"));
  EXPECT_EQ(0u, W.Env.Mem.load(&W.Bytes[0], 4));
}

TEST(SpinLock, UpdatesLeaveItAndWaitForIt) {
  World W;
  MapDef D;
  D.Name = "m";
  D.Type = Array;
  D.KeySize = 4;
  D.ValueSize = 16;
  D.MaxEntries = 1;
  D.Special = {{SpecialField::SpinLock, 4, 4}};
  auto M = llvm::cantFail(createMap(D, W.Mem));
  uint8_t Key[4] = {};
  std::vector<uint8_t> Value(16, 9), Seen = Value;
  memset(&Seen[4], 0, 4);
  uint8_t *Host = W.Mem.host(M->lookup(Key, 0));
  ASSERT_TRUE(lockSpin(Host + 4));
  EXPECT_EQ(0, M->update(Key, Value.data(), 0, 0)); // does not ask for it
  EXPECT_EQ(1, Host[4]);
  EXPECT_EQ(Seen, M->valueForUser(Key));

  std::vector<uint8_t> Other(16, 5);
  std::thread Waits(
      [&] { EXPECT_EQ(0, M->update(Key, Other.data(), LockFlag, 0)); });
  EXPECT_EQ(9, *static_cast<volatile uint8_t *>(Host));
  unlockSpin(Host + 4);
  Waits.join();
  EXPECT_EQ(5, Host[0]);
  EXPECT_EQ(0, Host[4]);

  Host[4] = 1;
  EXPECT_EQ(-ETIMEDOUT, M->update(Key, Other.data(), LockFlag, 0));
}

} // namespace
