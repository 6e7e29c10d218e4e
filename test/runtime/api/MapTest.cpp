// Maps by the public header: bpf(2)'s results, and what is wrong with a call.

#include "Api.h"

using namespace bpfcc::test;
using testing::HasSubstr;

namespace {

class Maps : public testing::Test {
protected:
  bpfcc_map *map(const char *Name) {
    return bpfcc_find_map(World.get(), Name, nullptr);
  }
  int update(bpfcc_map *M, uint32_t Key, uint64_t Value, uint64_t Flags = 0) {
    return bpfcc_map_update(M, &Key, 4, &Value, 8, Flags, E.out());
  }
  int lookup(bpfcc_map *M, uint32_t Key, uint64_t &Value) {
    return bpfcc_map_lookup(M, &Key, 4, &Value, 8, E.out());
  }

  ObjectPtr Object = openWorld();
  InstancePtr World = load(Object.get());
  Err E;
};

TEST_F(Maps, HoldElements) {
  bpfcc_map *M = map("sizes");
  uint64_t Value = 0;
  EXPECT_EQ(lookup(M, 1, Value), -ENOENT);
  EXPECT_EQ(E.message(), "lookup in map `sizes`: No such file or directory");
  EXPECT_EQ(bpfcc_error_errno(E.E), -ENOENT);
  EXPECT_EQ(update(M, 1, 10, 2), -ENOENT);
  EXPECT_EQ(update(M, 1, 10), 0);
  EXPECT_EQ(update(M, 1, 11, 1), -EEXIST);
  EXPECT_EQ(update(M, 2, 20), 0);
  EXPECT_EQ(update(M, 3, 30), -E2BIG);
  EXPECT_EQ(E.message(), "update in map `sizes`: Argument list too long");
  EXPECT_EQ(lookup(M, 1, Value), 0);
  EXPECT_EQ(Value, 10u);
  uint32_t Key = 1;
  EXPECT_EQ(bpfcc_map_delete(M, &Key, 4, E.out()), 0);
  EXPECT_EQ(bpfcc_map_delete(M, &Key, 4, E.out()), -ENOENT);
  Key = 2;
  EXPECT_EQ(bpfcc_map_take(M, &Key, 4, &Value, 8, E.out()), 0);
  EXPECT_EQ(Value, 20u);
  EXPECT_EQ(bpfcc_map_take(M, &Key, 4, &Value, 8, E.out()), -ENOENT);
}

TEST_F(Maps, GoFromKeyToKey) {
  bpfcc_map *M = map("sizes");
  uint32_t Key = 0, Sum = 0;
  EXPECT_EQ(bpfcc_map_next_key(M, nullptr, &Key, 4, E.out()), -ENOENT);
  update(M, 5, 1);
  update(M, 6, 1);
  const uint32_t *Last = nullptr;
  while (!bpfcc_map_next_key(M, Last, &Key, 4, nullptr)) {
    Sum += Key;
    Last = &Key;
  }
  EXPECT_EQ(Sum, 11u);
  EXPECT_EQ(bpfcc_map_next_key(M, nullptr, &Key, 8, E.out()), -EINVAL);
  EXPECT_EQ(bpfcc_map_next_key(M, nullptr, nullptr, 4, E.out()), -EINVAL);
  EXPECT_EQ(bpfcc_map_next_key(map("waiting"), nullptr, &Key, 0, E.out()),
            -EOPNOTSUPP);
}

TEST_F(Maps, WantTheirSizes) {
  bpfcc_map *M = map("sizes");
  uint64_t Key = 0, Value = 0;
  EXPECT_EQ(bpfcc_map_lookup(M, &Key, 8, &Value, 8, E.out()), -EINVAL);
  EXPECT_EQ(E.message(), "map `sizes` has keys of 4 bytes, not 8");
  EXPECT_EQ(bpfcc_map_update(M, &Key, 4, &Value, 4, 0, E.out()), -EINVAL);
  EXPECT_EQ(E.message(), "map `sizes` has values of 8 bytes, not 4");
  EXPECT_EQ(bpfcc_map_delete(M, &Key, 0, E.out()), -EINVAL);
  EXPECT_EQ(bpfcc_map_take(M, &Key, 4, &Value, 0, E.out()), -EINVAL);
  EXPECT_EQ(bpfcc_map_lookup(M, nullptr, 4, &Value, 8, E.out()), -EINVAL);
  EXPECT_EQ(bpfcc_map_lookup(M, &Key, 4, nullptr, 8, E.out()), -EINVAL);
  EXPECT_EQ(bpfcc_map_lookup(M, &Key, 8, &Value, 8, nullptr), -EINVAL);
}

TEST_F(Maps, HaveAValueForEachProcessor) {
  bpfcc_map *M = map("runs");
  bpfcc_map_info Info{};
  Info.size = sizeof Info;
  ASSERT_EQ(bpfcc_map_info_of(M, &Info), 0);
  EXPECT_STREQ(Info.name, "runs");
  EXPECT_STREQ(Info.type_name, "PERCPU_ARRAY");
  EXPECT_EQ(Info.type, 6u);
  EXPECT_EQ(Info.value_size, 4u);
  EXPECT_EQ(Info.user_size, 32u);
  EXPECT_EQ(Info.num_values, 4u);
  uint32_t Key = 1, Given[8] = {1, 0, 2, 0, 3, 0, 4, 0}, Got[8] = {};
  EXPECT_EQ(bpfcc_map_update(M, &Key, 4, Given, 32, 0, E.out()), 0);
  EXPECT_EQ(bpfcc_map_lookup(M, &Key, 4, Got, 32, E.out()), 0);
  EXPECT_EQ(memcmp(Given, Got, 32), 0);
  EXPECT_EQ(bpfcc_map_lookup(M, &Key, 4, Got, 4, E.out()), -EINVAL);
  EXPECT_EQ(bpfcc_map_update(M, &Key, 4, Given, 32, 1, E.out()), -EEXIST);
  Key = 2;
  EXPECT_EQ(bpfcc_map_lookup(M, &Key, 4, Got, 32, E.out()), -ENOENT);
  EXPECT_EQ(bpfcc_map_delete(M, &Key, 4, E.out()), -EINVAL);
}

TEST_F(Maps, AreQueues) {
  bpfcc_map *M = map("waiting");
  uint32_t Value = 1, Got = 0;
  auto Add = [&] {
    return bpfcc_map_update(M, nullptr, 0, &Value, 4, 0, E.out());
  };
  EXPECT_EQ(bpfcc_map_take(M, nullptr, 0, &Got, 4, E.out()), -ENOENT);
  EXPECT_EQ(Add(), 0);
  Value = 2;
  EXPECT_EQ(Add(), 0);
  EXPECT_EQ(Add(), -E2BIG);
  EXPECT_EQ(bpfcc_map_lookup(M, nullptr, 0, &Got, 4, E.out()), 0);
  EXPECT_EQ(Got, 1u);
  EXPECT_EQ(bpfcc_map_take(M, nullptr, 0, &Got, 4, E.out()), 0);
  EXPECT_EQ(Got, 1u);
  EXPECT_EQ(bpfcc_map_take(M, nullptr, 0, &Got, 4, E.out()), 0);
  EXPECT_EQ(Got, 2u);
  EXPECT_EQ(bpfcc_map_delete(M, nullptr, 0, E.out()), -EOPNOTSUPP);
}

TEST_F(Maps, OfPointersHaveNoValuesForTheHost) {
  uint32_t Key = 0, Value = 1;
  for (const char *Name : {"next", "records"}) {
    bpfcc_map *M = map(Name);
    size_t KeySize = strcmp(Name, "next") ? 0 : 4;
    EXPECT_EQ(bpfcc_map_update(M, &Key, KeySize, &Value, 4, 0, E.out()),
              -EOPNOTSUPP);
    EXPECT_EQ(bpfcc_map_lookup(M, &Key, KeySize, &Value, 4, E.out()),
              -EOPNOTSUPP);
    bpfcc_map_info Info{};
    Info.size = sizeof Info;
    EXPECT_EQ(bpfcc_map_info_of(M, &Info), 0);
    EXPECT_EQ(Info.user_size, 0u);
  }
}

TEST_F(Maps, AreFoundByName) {
  EXPECT_EQ(bpfcc_find_map(World.get(), "size", E.out()), nullptr);
  EXPECT_THAT(E.message(), HasSubstr("there is no map `size`; there are "));
  EXPECT_THAT(E.message(), HasSubstr("`sizes`"));
  EXPECT_EQ(bpfcc_find_map(World.get(), "size", nullptr), nullptr);
  EXPECT_EQ(bpfcc_find_variable(World.get(), "totl", nullptr, E.out()),
            nullptr);
  EXPECT_EQ(E.message(), "there is no variable `totl`");
  bpfcc_map_info Info{};
  EXPECT_EQ(bpfcc_map_info_of(map("sizes"), &Info), -EINVAL);
}

/// Elements that were deleted do not pile up.
TEST_F(Maps, GiveMemoryBack) {
  bpfcc_map *M = map("sizes");
  for (uint32_t Key = 0; Key != 200000; ++Key) {
    ASSERT_EQ(update(M, Key, 1), 0);
    ASSERT_EQ(bpfcc_map_delete(M, &Key, 4, nullptr), 0);
  }
}

} // namespace
