// Opening objects, loading them, and instances beside each other.

#include "Api.h"

#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <thread>

using namespace bpfcc::test;
using testing::HasSubstr;

namespace {

std::string worldBytes() {
  std::ifstream In(BPFCC_TEST_OBJECT, std::ios::binary);
  return {std::istreambuf_iterator<char>(In), {}};
}

TEST(Objects, ListWhatTheyHold) {
  ObjectPtr O = openWorld();
  EXPECT_FALSE(bpfcc_object_is_big_endian(O.get()));
  size_t Count = bpfcc_object_num_programs(O.get());
  std::string Programs;
  for (size_t N = 0; N != Count; ++N)
    Programs += std::string(bpfcc_object_program_name(O.get(), N)) + ":" +
                bpfcc_object_program_section(O.get(), N) + " ";
  EXPECT_THAT(Programs, HasSubstr("count:xdp "));
  EXPECT_THAT(Programs, HasSubstr("event:tp/test/event "));
  EXPECT_THAT(Programs, testing::Not(HasSubstr("plus_one")));
  EXPECT_EQ(bpfcc_object_program_name(O.get(), Count), nullptr);
  EXPECT_EQ(bpfcc_object_program_section(O.get(), Count), nullptr);
  bpfcc_map_info Info{};
  Info.size = sizeof Info;
  Count = bpfcc_object_num_maps(O.get());
  std::string Maps;
  for (size_t N = 0; N != Count; ++N) {
    ASSERT_EQ(bpfcc_object_map(O.get(), N, &Info), 0);
    Maps += std::string(Info.name) + " ";
  }
  EXPECT_THAT(Maps, HasSubstr("sizes "));
  EXPECT_THAT(Maps, HasSubstr(".rodata "));
  EXPECT_EQ(bpfcc_object_map(O.get(), Count, &Info), -EINVAL);
  Info.size = 0;
  EXPECT_EQ(bpfcc_object_map(O.get(), 0, &Info), -EINVAL);
}

TEST(Objects, MayStandInMemory) {
  std::string Bytes = worldBytes();
  Err E;
  ObjectPtr O(bpfcc_object_open_memory(Bytes.data(), Bytes.size(), nullptr,
                                       nullptr, E.out()));
  ASSERT_TRUE(O) << E.message();
  Bytes.assign(Bytes.size(), 0); // not needed any more
  InstancePtr I = load(O.get());
  EXPECT_TRUE(bpfcc_find_program(I.get(), "count", nullptr));
}

TEST(Objects, AreRefused) {
  Err E;
  EXPECT_EQ(bpfcc_object_open("/nowhere/x.o", nullptr, E.out()), nullptr);
  EXPECT_EQ(bpfcc_error_errno(E.E), -ENOENT);
  EXPECT_EQ(bpfcc_error_code(E.E), 901u);
  EXPECT_EQ(E.message(),
            "cannot open `/nowhere/x.o`: No such file or directory");
  EXPECT_EQ(bpfcc_error_function(E.E), nullptr);
  EXPECT_EQ(bpfcc_error_fault(E.E), nullptr);
  EXPECT_EQ(bpfcc_error_file(E.E), nullptr);
  EXPECT_EQ(bpfcc_object_open("/", nullptr, E.out()), nullptr);
  EXPECT_EQ(bpfcc_error_errno(E.E), -EISDIR);
  EXPECT_EQ(bpfcc_object_open(nullptr, nullptr, E.out()), nullptr);
  EXPECT_EQ(bpfcc_error_errno(E.E), -EINVAL);
  EXPECT_EQ(bpfcc_object_open("/nowhere/x.o", nullptr, nullptr), nullptr);

  EXPECT_EQ(bpfcc_object_open_memory("ELF?", 4, "made up", nullptr, E.out()),
            nullptr);
  EXPECT_EQ(bpfcc_error_errno(E.E), -EINVAL);
  EXPECT_EQ(bpfcc_error_code(E.E), 701u);
  EXPECT_STREQ(bpfcc_error_file(E.E), "made up");
  EXPECT_THAT(bpfcc_error_text(E.E), HasSubstr("made up: error: not a usable"));
  EXPECT_EQ(bpfcc_object_open_memory(nullptr, 0, nullptr, nullptr, E.out()),
            nullptr);
}

TEST(Objects, AreReadWithoutTrust) {
  std::string Bytes = worldBytes();
  for (size_t Size = 0; Size < Bytes.size(); Size += 13) {
    ObjectPtr O(bpfcc_object_open_memory(Bytes.data(), Size, nullptr, nullptr,
                                         nullptr));
    EXPECT_FALSE(O);
  }
}

TEST(Objects, TakeKconfigValues) {
  ObjectPtr O = openWorld();
  const char *Bad[] = {"CONFIG_HZ"};
  bpfcc_open_options Options{};
  Options.size = sizeof Options;
  Options.kconfig = Bad;
  Options.num_kconfig = 1;
  Err E;
  EXPECT_EQ(bpfcc_object_open(BPFCC_TEST_OBJECT, &Options, E.out()), nullptr);
  EXPECT_EQ(E.message(), "kconfig: `CONFIG_HZ` is no NAME=VALUE");
  const char *Good[] = {"CONFIG_HZ=250"};
  Options.kconfig = Good;
  ObjectPtr Opened(bpfcc_object_open(BPFCC_TEST_OBJECT, &Options, E.out()));
  EXPECT_TRUE(Opened) << E.message();
  Options.size = 0;
  EXPECT_EQ(bpfcc_object_open(BPFCC_TEST_OBJECT, &Options, E.out()), nullptr);
  EXPECT_EQ(E.message(), "bpfcc_open_options: `size` is not set");
}

TEST(Instances, OutliveTheObject) {
  ObjectPtr O = openWorld();
  InstancePtr I(bpfcc_object_load(O.get(), nullptr, nullptr));
  O.reset();
  bpfcc_program *P = bpfcc_find_program(I.get(), "count", nullptr);
  EXPECT_STREQ(bpfcc_program_name(P), "count");
  EXPECT_STREQ(bpfcc_program_section(P), "xdp");
  uint8_t Packet[60] = {};
  EXPECT_EQ(bpfcc_program_run(P, Packet, 60, nullptr, nullptr), 0);
}

TEST(Instances, WantOptionsThatMeanSomething) {
  ObjectPtr O = openWorld();
  auto Refusal = [&](bpfcc_options Options, size_t Size) {
    Options.size = Size;
    Err E;
    EXPECT_EQ(bpfcc_object_load(O.get(), &Options, E.out()), nullptr);
    EXPECT_EQ(bpfcc_error_errno(E.E), -EINVAL);
    return E.message();
  };
  bpfcc_options Options{};
  EXPECT_EQ(Refusal(Options, 0), "bpfcc_options: `size` is not set");
  Options.cpus = 513;
  EXPECT_EQ(Refusal(Options, sizeof Options), "cpus: there can be at most 512");
  Options = {};
  Options.engine = 4;
  EXPECT_EQ(Refusal(Options, sizeof Options), "engine: there is no engine 4");
  Options = {};
  Options.time = 1;
  Options.host_clock = 1;
  EXPECT_EQ(Refusal(Options, sizeof Options),
            "time: the host's clock has its own time");
  InstancePtr I = load(O.get());
  Err E;
  EXPECT_EQ(bpfcc_set_cpu(I.get(), 4, E.out()), -EINVAL);
  EXPECT_EQ(E.message(), "there are 4 processors, 0 to 3");
}

TEST(Instances, NameTheirPrograms) {
  ObjectPtr O = openWorld();
  InstancePtr I = load(O.get());
  Err E;
  EXPECT_EQ(bpfcc_find_program(I.get(), "cuont", E.out()), nullptr);
  EXPECT_EQ(bpfcc_error_errno(E.E), -ENOENT);
  EXPECT_THAT(E.message(), HasSubstr("there is no program `cuont`; there are "
                                     "`count`, "));
  EXPECT_EQ(bpfcc_find_program(I.get(), "plus_one", nullptr), nullptr);
  EXPECT_EQ(bpfcc_find_program(I.get(), nullptr, E.out()), nullptr);
  EXPECT_THAT(E.message(), HasSubstr("there are several programs: `count`"));
}

TEST(Instances, ShareNothing) {
  ObjectPtr O = openWorld();
  std::vector<InstancePtr> All;
  for (unsigned N = 0; N != 300; ++N) {
    All.push_back(load(O.get()));
    bpfcc_program *P = bpfcc_find_program(All[N].get(), "count", nullptr);
    uint8_t Packet[60] = {};
    for (unsigned Run = 0; Run <= N % 7; ++Run)
      EXPECT_EQ(bpfcc_program_run(P, Packet, 60, nullptr, nullptr), 0);
  }
  for (unsigned N = 0; N != 300; ++N) {
    uint32_t Key = 60;
    uint64_t Value = 0;
    bpfcc_map *M = bpfcc_find_map(All[N].get(), "sizes", nullptr);
    EXPECT_EQ(bpfcc_map_lookup(M, &Key, 4, &Value, 8, nullptr), 0);
    EXPECT_EQ(Value, N % 7 + 1);
  }
}

TEST(Instances, OfOneObjectRunInThreads) {
  ObjectPtr O = openWorld();
  std::vector<std::thread> Threads;
  for (unsigned N = 0; N != 4; ++N)
    Threads.emplace_back([&, N] {
      for (unsigned Round = 0; Round != 3; ++Round) {
        bpfcc_options Options{};
        Options.engine = bpfcc_engine(N);
        InstancePtr I = load(O.get(), Options);
        bpfcc_program *P = bpfcc_find_program(I.get(), "count", nullptr);
        uint8_t Packet[80] = {};
        for (unsigned Run = 0; Run != 2000; ++Run) {
          bpfcc_result R{};
          R.size = sizeof R;
          Err E;
          ASSERT_EQ(bpfcc_program_run(P, Packet, 60 + N, &R, E.out()), 0);
          ASSERT_EQ(bpfcc_program_run(
                        bpfcc_find_program(I.get(), "careless", nullptr),
                        Packet, 5, &R, E.out()),
                    -EFAULT);
        }
        void *Total = bpfcc_find_variable(I.get(), "total", nullptr, nullptr);
        EXPECT_EQ(*static_cast<uint64_t *>(Total), 2000 * (60 + N));
      }
    });
  for (std::thread &T : Threads)
    T.join();
}

#if !__has_feature(address_sanitizer)
TEST(Instances, NeedRoomInTheAddressSpace) {
  ObjectPtr O = openWorld();
  rlimit Old{}, Small{};
  getrlimit(RLIMIT_AS, &Old);
  Small = Old;
  Small.rlim_cur = 700 << 20;
  setrlimit(RLIMIT_AS, &Small);
  Err E;
  bpfcc_instance *I = bpfcc_object_load(O.get(), nullptr, E.out());
  setrlimit(RLIMIT_AS, &Old);
  EXPECT_EQ(I, nullptr);
  EXPECT_EQ(bpfcc_error_errno(E.E), -ENOMEM);
  EXPECT_THAT(E.message(), HasSubstr("not enough memory"));
}
#endif

TEST(Misuse, NothingIsFreed) {
  bpfcc_error_free(nullptr);
  bpfcc_object_free(nullptr);
  bpfcc_instance_free(nullptr);
}

TEST(Version, IsThatOfTheProject) {
  EXPECT_THAT(bpfcc_version(), testing::MatchesRegex("[0-9]+.[0-9]+.[0-9]+"));
}

} // namespace
