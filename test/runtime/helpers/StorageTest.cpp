#include "World.h"

#include "runtime/maps/RingBuf.h"

#include <cerrno>

using namespace bpfcc;

namespace {

constexpr uint32_t CgroupStorage = 19, PerCpuCgroupStorage = 21, SkStorage = 24,
                   TaskStorage = 29, UserRing = 31;
constexpr uint64_t Create = 1;

TEST(Storage, EachOwnerHasItsValue) {
  World W;
  uint64_t M = mapAddress(W.addMap(TaskStorage, 4, 8, 0, 1));
  W.Env.PidTgid = 7;
  uint64_t One = uint64_t(W.call("bpf_get_current_task_btf", {}));
  W.Env.PidTgid = 8;
  uint64_t Other = uint64_t(W.call("bpf_get_current_task_btf", {}));
  ASSERT_NE(One, Other);
  W.Bytes[0] = 42;
  EXPECT_EQ(0, W.call("bpf_task_storage_get", {M, One, W.Base, 0}));
  int64_t Value = W.call("bpf_task_storage_get", {M, One, W.Base, Create});
  ASSERT_TRUE(W.Mem.at(uint64_t(Value), 8, true));
  EXPECT_EQ(42, *W.Mem.at(uint64_t(Value), 8, true));
  EXPECT_EQ(Value, W.call("bpf_task_storage_get", {M, One, 0, 0}));
  EXPECT_EQ(0, W.call("bpf_task_storage_get", {M, Other, 0, 0}));
  EXPECT_NE(0, W.call("bpf_task_storage_get", {M, Other, 0, Create}));
  EXPECT_EQ(0, W.call("bpf_task_storage_delete", {M, One}));
  EXPECT_EQ(-ENOENT, W.call("bpf_task_storage_delete", {M, One}));
  EXPECT_EQ(0, W.call("bpf_task_storage_get", {M, One, 0, 0}));
}

TEST(Storage, OwnerAndFlagsMustBeGood) {
  World W;
  uint64_t M = mapAddress(W.addMap(SkStorage, 4, 8, 0, 1));
  EXPECT_EQ(0, W.call("bpf_sk_storage_get", {M, 0, 0, Create}));
  EXPECT_EQ(0, W.call("bpf_sk_storage_get", {M, 64, 0, 2}));
  EXPECT_EQ(-EINVAL, W.call("bpf_sk_storage_delete", {M, 0}));
  EXPECT_EQ("bpf_task_storage_delete: map `m` is no storage of this kind",
            W.error("bpf_task_storage_delete", {M, 64}));
}

TEST(Storage, AttachedCgroupHasOneValueFromTheFirstCallOn) {
  for (uint32_t Type : {CgroupStorage, PerCpuCgroupStorage}) {
    World W;
    uint32_t N = W.addMap(Type, 8, 4, 0);
    uint8_t Key[8] = {}, Next[8] = {1};
    EXPECT_EQ(-ENOENT, W.Maps[N]->nextKey(nullptr, Next));
    int64_t Value = W.call("bpf_get_local_storage", {mapAddress(N), 0});
    ASSERT_TRUE(W.Mem.at(uint64_t(Value), 4, true));
    EXPECT_EQ(0, W.Maps[N]->nextKey(nullptr, Next));
    EXPECT_EQ(0, memcmp(Key, Next, 8));
    EXPECT_EQ(-ENOENT, W.Maps[N]->nextKey(Next, Next));
    *W.Mem.at(uint64_t(Value), 4, true) = 9;
    EXPECT_EQ(9, W.Maps[N]->valueForUser(Key)[0]);
    W.Env.Cpu = 1;
    EXPECT_EQ(Type == CgroupStorage,
              Value == W.call("bpf_get_local_storage", {mapAddress(N), 0}));
  }
}

TEST(UserRingBuf, ProgramsDrainWhatUserSpacePutIn) {
  World W;
  uint32_t N = W.addMap(UserRing, 0, 0, 4096);
  auto &Ring = static_cast<UserRingBuf &>(*W.Maps[N]);
  EXPECT_EQ(-E2BIG, Ring.produce(std::vector<uint8_t>(4089)));
  EXPECT_EQ(0, Ring.produce(std::vector<uint8_t>(4000, 5)));
  EXPECT_EQ(-ENOSPC, Ring.produce(std::vector<uint8_t>(100)));
  EXPECT_EQ(0, Ring.produce(std::vector<uint8_t>(8, 6)));
  EXPECT_EQ(0, Ring.produce(std::vector<uint8_t>(8, 7)));
  std::vector<uint8_t> Seen;
  auto Consume = [&](uint64_t, llvm::ArrayRef<uint64_t> Args) {
    EXPECT_EQ(3u, Args[1]);
    EXPECT_EQ(0, W.call("bpf_dynptr_read", {W.Base, 8, Args[0], 0, 0}));
    Seen.push_back(W.Bytes[0]);
    return llvm::Expected<uint64_t>(Seen.size() == 2);
  };
  W.Env.CallBack = Consume;
  uint64_t M = mapAddress(N);
  EXPECT_EQ(-EINVAL, W.call("bpf_user_ringbuf_drain", {M, 1, 3, 4}));
  EXPECT_EQ(2, W.call("bpf_user_ringbuf_drain", {M, 1, 3, 0}));
  EXPECT_EQ((std::vector<uint8_t>{5, 6}), Seen);
  EXPECT_EQ(0, Ring.produce(std::vector<uint8_t>(4000)));
  EXPECT_EQ(2, W.call("bpf_user_ringbuf_drain", {M, 1, 3, 0}));
  EXPECT_EQ(0, W.call("bpf_user_ringbuf_drain", {M, 1, 3, 0}));
}

} // namespace
