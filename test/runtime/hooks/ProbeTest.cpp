#include "runtime/hooks/Probe.h"
#include "support/Diagnostic.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <sys/syscall.h>

using namespace bpfcc;

namespace {

Probe probe(llvm::StringRef Section) {
  auto P = probeForSection(Section);
  EXPECT_TRUE(bool(P)) << Section.str() << takeMessages(P.takeError());
  return P ? *P : Probe{};
}

std::string error(llvm::StringRef Section) {
  auto P = probeForSection(Section);
  return P ? "it is taken" : takeMessages(P.takeError());
}

TEST(Probe, KnowsSystemCallsByTheKernelsNames) {
  EXPECT_EQ(probe("tp/syscalls/sys_enter_openat").Syscall, SYS_openat);
  EXPECT_EQ(probe("tracepoint/syscalls/sys_exit_newfstat").Syscall, SYS_fstat);
  EXPECT_EQ(probe("?tp/syscalls/sys_exit_newuname").At, Probe::Exit);
  EXPECT_EQ(probe("tp/raw_syscalls/sys_enter").Syscall, std::nullopt);
  EXPECT_EQ(probe("raw_tp/sys_exit").Ctx, Probe::RawArguments);
  EXPECT_THAT(error("tp/syscalls/sys_enter_nonsense"),
              testing::HasSubstr("no system call `nonsense`"));
  EXPECT_THAT(error("tp/sched/sched_switch"), testing::HasSubstr("alone"));
  EXPECT_THAT(error("raw_tp"), testing::HasSubstr("alone"));
  EXPECT_THAT(error("xdp"), testing::HasSubstr("alone"));
}

#ifdef __x86_64__
TEST(Probe, KnowsFunctions) {
  Probe P = probe("uprobe//usr/bin/sh:main+0x10");
  EXPECT_EQ(P.At, Probe::FunctionStart);
  EXPECT_EQ(P.Path, "/usr/bin/sh");
  EXPECT_EQ(P.Function, "main");
  EXPECT_EQ(P.Offset, 16u);
  EXPECT_EQ(probe("uretprobe.s/libc.so.6:malloc").At, Probe::Return);
  EXPECT_THAT(error("uretprobe/libc.so.6:malloc+4"),
              testing::HasSubstr("PATH:FUNCTION"));
  EXPECT_THAT(error("uprobe/malloc"), testing::HasSubstr("PATH:FUNCTION"));
  EXPECT_THAT(error("uprobe"), testing::HasSubstr("PATH:FUNCTION"));
}
#endif

} // namespace
