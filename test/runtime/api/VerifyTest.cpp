// What a host is told of programs before it runs them.

#include "Api.h"

#include "bpfcc/runtime.hpp"

using namespace bpfcc::test;
using testing::HasSubstr;

namespace {

int verify(const char *Name, uint32_t Kernel, Err &E,
           bpfcc_verdict *V = nullptr) {
  ObjectPtr O = openWorld();
  size_t N = 0;
  while (bpfcc_object_program_name(O.get(), N) &&
         std::string(bpfcc_object_program_name(O.get(), N)) != Name)
    ++N;
  return bpfcc_object_verify(O.get(), N, Kernel, V, E.out());
}

TEST(Verify, SaysWhatAProgramTakes) {
  Err E;
  bpfcc_verdict V{};
  V.size = sizeof V;
  EXPECT_EQ(verify("count", 0, E, &V), 0) << E.message();
  EXPECT_GT(V.instructions, 20u);
  EXPECT_GT(V.states, 0u);
  EXPECT_GT(V.stack, 0u);
  EXPECT_LE(V.stack, 512u);
}

TEST(Verify, SaysWhyAProgramWouldNotLoad) {
  Err E;
  EXPECT_EQ(verify("careless", 0, E), -EACCES);
  EXPECT_EQ(bpfcc_error_code(E.E), 302u) << E.message();
  EXPECT_THAT(bpfcc_error_file(E.E), HasSubstr("world.bpf.c"));
  EXPECT_GT(bpfcc_error_line(E.E), 0u);
  EXPECT_EQ(bpfcc_error_errno(E.E), -EACCES);
}

TEST(Verify, AsksTheKernelThatIsNamed) {
  Err E;
  // Ring buffers came with 5.8.
  EXPECT_EQ(verify("event", 5 << 16 | 4 << 8, E), -EACCES);
  EXPECT_THAT(E.message(), HasSubstr("5.8"));
  EXPECT_EQ(verify("event", 6 << 16 | 1 << 8, E), 0) << E.message();
}

TEST(Verify, DoesNotGuess) {
  Err E;
  EXPECT_EQ(verify("answer", 0, E), -ENOTSUP);
  EXPECT_THAT(E.message(), HasSubstr("test/answer"));
  EXPECT_EQ(verify("nothing", 0, E), -EINVAL);
  EXPECT_EQ(verify("count", 77 << 16, E), -EINVAL);
  EXPECT_THAT(E.message(), HasSubstr("there is no Linux 77.0"));
  bpfcc_verdict V{};
  EXPECT_EQ(verify("count", 0, E, &V), -EINVAL);
}

TEST(Verify, IsInTheCppHeader) {
  auto O = bpfcc::runtime::Object::open(BPFCC_TEST_OBJECT);
  ASSERT_TRUE(O);
  auto V = O->verify(0);
  ASSERT_TRUE(V);
  EXPECT_GT(V->instructions, 0u);
}

} // namespace
