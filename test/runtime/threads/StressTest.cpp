// Several threads run a program of one instance (Inputs/stress.c) while others
// change its maps, for a second each on the interpreter and on compiled code;
// for BPFCC_STRESS_SECONDS, if that is set.

#include "Stress.h"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>

using namespace bpfcc;
using namespace bpfcc::test;

namespace {

constexpr unsigned Runners = 4;

/// What user space does to the maps meanwhile.
class Users {
public:
  explicit Users(Stress &S) : S(S) {
    for (auto Work : {&Users::values, &Users::elements, &Users::slots})
      Threads.emplace_back([this, Work] {
        for (uint64_t Round = 0; !Stop; ++Round)
          (this->*Work)(Round);
      });
  }
  ~Users() { stop(); }

  /// Gives the sum of what was popped.
  uint64_t stop() {
    Stop = true;
    for (std::thread &T : Threads)
      T.join();
    Threads.clear();
    return Taken;
  }

private:
  /// Values under their lock, read and written.
  void values(uint64_t Round) {
    uint8_t Key[4] = {1};
    std::vector<uint8_t> Value(24);
    memcpy(&Value[8], &Round, 8);
    memcpy(&Value[16], &Round, 8);
    constexpr uint64_t Lock = 4;
    EXPECT_EQ(0, S.map("pairs").update(Key, Value.data(), Lock, 0));
    S.map("pairs").valueForUser(Key);
    S.map("cpu_array").valueForUser(Key);
    S.map("large").valueForUser(Key);
  }

  /// Elements come and go, and are listed.
  void elements(uint64_t Round) {
    for (const char *Name : {"hash", "lru", "cpu_lru"}) {
      uint32_t Key = uint32_t(Round % 64);
      auto *Bytes = reinterpret_cast<uint8_t *>(&Key);
      uint64_t Value = Key * 0x9e3779b97f4a7c15 + 1;
      Map &M = S.map(Name);
      if (Round / 64 % 2)
        M.update(Bytes, reinterpret_cast<uint8_t *>(&Value), 0, 0);
      else
        M.erase(Bytes);
      auto Found = M.valueForUser(Bytes);
      EXPECT_TRUE(Found.empty() || Found.size() == 8 || Found.size() == 32);
      list(M);
    }
    list(S.map("trie"));
    uint8_t Value[8];
    if (S.map("queue").pop(Value) == 0)
      Taken += *reinterpret_cast<uint64_t *>(Value);
  }

  /// What a program calls and looks up in is replaced.
  void slots(uint64_t Round) {
    uint8_t Zero[4] = {}, One[4] = {1};
    uint32_t Inner = Round % 2 ? S.numberOf("inner_a") : S.numberOf("inner_b");
    S.map("outer").update(Zero, reinterpret_cast<uint8_t *>(&Inner), 0, 0);
    uint32_t Tail = S.subprog("tail") + 1;
    if (Round % 3)
      S.map("tails").update(One, reinterpret_cast<uint8_t *>(&Tail), 0, 0);
    else
      S.map("tails").erase(One);
    S.map("outer").valueForUser(Zero);
    for (const auto &M : S.I->Maps)
      M->reclaim();
  }

  static void list(Map &M) {
    std::vector<uint8_t> Key(M.def().KeySize), Next(Key);
    const uint8_t *After = nullptr;
    for (unsigned N = 0; N != 100 && M.nextKey(After, Next.data()) == 0; ++N) {
      Key = Next;
      After = Key.data();
    }
  }

  std::atomic<uint64_t> Taken{0};
  Stress &S;
  std::atomic<bool> Stop{false};
  std::vector<std::thread> Threads;
};

void stress(bool Compiled) {
  Stress S;
  uint8_t One[4] = {1}, Zeroes[24] = {};
  for (const char *Name : {"hash_pairs", "cpu_hash"})
    ASSERT_EQ(0, S.map(Name).update(One, Zeroes, 0, 0));
  uint64_t Popped = 0;
  {
    Users U(S);
    std::atomic<bool> Failed{false};
    auto Until = std::chrono::steady_clock::now() + seconds();
    llvm::Error E =
        runOnThreads(*S.I, Runners, [&](Worker &W, unsigned) -> llvm::Error {
          Runner Run(S.P, W.Env, Compiled);
          uint64_t Ctx = W.Env.Mem.add(64, Memory::ReadOnly, "context");
          while (std::chrono::steady_clock::now() < Until && !Failed)
            if (auto R = Run(S.subprog("stress"), Ctx); !R) {
              Failed = true;
              return R.takeError();
            }
          return llvm::Error::success();
        });
    EXPECT_EQ("", takeMessages(std::move(E)));
    Popped = U.stop();
  }
  uint64_t Runs = S.variable("runs");
  EXPECT_GT(Runs, 100u);
  EXPECT_EQ(0u, S.variable("wrong"));
  EXPECT_EQ(Runs, S.word("pairs", 0, 8));
  EXPECT_EQ(Runs, S.word("pairs", 0, 16));
  EXPECT_EQ(Runs, S.word("hash_pairs", 1, 8));
  EXPECT_EQ(Runs, S.sum("large"));
  EXPECT_EQ(Runs, S.word("inner_a", 0, 0) + S.word("inner_b", 0, 0));
  EXPECT_EQ(Runs, S.sumOfCpus("cpu_array", 1));
  EXPECT_EQ(Runs, S.sumOfCpus("cpu_hash", 1));
  EXPECT_GT(S.variable("tailed"), 0u);

  uint64_t Left = 0, Value;
  for (const char *Name : {"queue", "stack"})
    while (S.map(Name).pop(reinterpret_cast<uint8_t *>(&Value)) == 0)
      Left += Value;
  EXPECT_EQ(S.variable("pushed"), S.variable("popped") + Left + Popped);

  EXPECT_EQ(S.variable("submitted"), S.I->Env.Events.size());
  uint64_t Order = 0;
  for (const Environment::Event &E : S.I->Env.Events) {
    ASSERT_EQ(24u, E.Bytes.size());
    uint64_t Words[2];
    memcpy(Words, E.Bytes.data(), 16);
    EXPECT_EQ(Words[0] * 0x9e3779b97f4a7c15 + 1, Words[1]);
    EXPECT_TRUE(Order <= E.Order);
    Order = E.Order;
  }
}

TEST(Threads, InterpreterKeepsItsPromises) { stress(false); }

#ifdef BPFCC_TEST_JIT
TEST(Threads, CompiledCodeKeepsItsPromises) { stress(true); }
#endif

TEST(Threads, NoMoreWorkersThanWorkspaces) {
  Stress S;
  std::vector<std::unique_ptr<Worker>> Workers;
  for (unsigned N = 1; N != Memory::MaxWorkspaces; ++N)
    Workers.push_back(llvm::cantFail(Worker::make(*S.I, 0)));
  auto OneMore = Worker::make(*S.I, 0);
  ASSERT_FALSE(OneMore);
  EXPECT_NE(std::string::npos,
            takeMessages(OneMore.takeError()).find("no more than 256 threads"));
  Workers.pop_back();
  EXPECT_TRUE(bool(Worker::make(*S.I, 0)));
}

} // namespace
