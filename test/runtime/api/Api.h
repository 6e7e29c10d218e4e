// What the tests of the public header share.
#ifndef BPFCC_TEST_RUNTIME_API_API_H
#define BPFCC_TEST_RUNTIME_API_API_H

#include "bpfcc/runtime.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace bpfcc::test {

/// Takes an error, for its text.
struct Err {
  ~Err() { bpfcc_error_free(E); }
  bpfcc_error **out() {
    bpfcc_error_free(E);
    E = nullptr;
    return &E;
  }
  std::string message() const { return E ? bpfcc_error_message(E) : "none"; }
  bpfcc_error *E = nullptr;
};

struct ObjectDeleter {
  void operator()(bpfcc_object *O) const { bpfcc_object_free(O); }
};
struct InstanceDeleter {
  void operator()(bpfcc_instance *I) const { bpfcc_instance_free(I); }
};
using ObjectPtr = std::unique_ptr<bpfcc_object, ObjectDeleter>;
using InstancePtr = std::unique_ptr<bpfcc_instance, InstanceDeleter>;

inline ObjectPtr openWorld() {
  Err E;
  ObjectPtr O(bpfcc_object_open(BPFCC_TEST_OBJECT, nullptr, E.out()));
  EXPECT_TRUE(O) << E.message();
  return O;
}

inline InstancePtr load(const bpfcc_object *O, bpfcc_options Options = {}) {
  Options.size = sizeof Options;
  Err E;
  InstancePtr I(bpfcc_object_load(O, &Options, E.out()));
  EXPECT_TRUE(I) << E.message();
  return I;
}

/// An instance of world.bpf.c, once for each engine.
class WorldTest : public testing::TestWithParam<bpfcc_engine> {
protected:
  void load(bpfcc_options Options = {}) {
    Options.engine = GetParam();
    World = test::load(Object.get(), Options);
  }

  bpfcc_program *program(const char *Name) {
    Err E;
    bpfcc_program *P = bpfcc_find_program(World.get(), Name, E.out());
    EXPECT_TRUE(P) << E.message();
    return P;
  }
  bpfcc_map *map(const char *Name) {
    Err E;
    bpfcc_map *M = bpfcc_find_map(World.get(), Name, E.out());
    EXPECT_TRUE(M) << E.message();
    return M;
  }

  bpfcc_result run(const char *Name, const std::vector<uint8_t> &Data = {}) {
    bpfcc_result R{};
    R.size = sizeof R;
    Err E;
    EXPECT_EQ(
        bpfcc_program_run(program(Name), Data.data(), Data.size(), &R, E.out()),
        0)
        << E.message();
    return R;
  }
  int fails(const char *Name, Err &E, const std::vector<uint8_t> &Data = {}) {
    return bpfcc_program_run(program(Name), Data.data(), Data.size(), nullptr,
                             E.out());
  }

  ObjectPtr Object = openWorld();
  InstancePtr World;
};

template <class T> std::vector<uint8_t> bytes(std::initializer_list<T> Values) {
  std::vector<uint8_t> Out(Values.size() * sizeof(T));
  memcpy(Out.data(), Values.begin(), Out.size());
  return Out;
}

} // namespace bpfcc::test

#endif
