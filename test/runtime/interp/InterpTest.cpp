// What the rows of isa.def do beyond arithmetic: memory, calls, faults, both
// byte orders.

#include "Build.h"

using namespace bpfcc;

namespace {

std::vector<isa::Inst> code(llvm::StringRef Text) {
  auto R = isa::assemble(Text);
  if (!R) {
    ADD_FAILURE() << takeMessages(R.takeError());
    return {};
  }
  return R->Insts;
}

Program program(llvm::StringRef Text, bool BigEndian = false) {
  return test::program(code(Text), BigEndian);
}

/// What \p P returns on a packet of 64 bytes that count from 0.
llvm::Expected<RunResult> run(const Program &P, const RunLimits &L = {}) {
  std::vector<uint8_t> Frame(64);
  for (size_t N = 0; N != Frame.size(); ++N)
    Frame[N] = uint8_t(N);
  return test::runXdp(P, Frame, L);
}

uint64_t result(const Program &P) {
  auto R = run(P);
  if (!R) {
    ADD_FAILURE() << takeMessages(R.takeError());
    return ~0ull;
  }
  return R->R0;
}
uint64_t result(llvm::StringRef Text, bool BigEndian = false) {
  return result(program(Text, BigEndian));
}

std::string fault(const Program &P, const RunLimits &L = {}) {
  auto R = run(P, L);
  if (R) {
    ADD_FAILURE() << "runs, and gives " << R->R0;
    return "";
  }
  return takeMessages(R.takeError());
}
std::string fault(llvm::StringRef Text) { return fault(program(Text)); }

constexpr const char *LoadPacket = "r6 = *(u32 *)(r1 + 0)\n";

TEST(Interp, MemoryHasTheByteOrderOfTheGuest) {
  std::string Text = std::string(LoadPacket) + "r0 = *(u32 *)(r6 + 4)\nexit";
  EXPECT_EQ(result(Text), 0x07060504u);
  EXPECT_EQ(result(Text, true), 0x04050607u);
}

TEST(Interp, LeAndBeFollowTheGuest) {
  const char *Text = "r0 = 0x1234 ll\nr0 = be16 r0\nexit";
  EXPECT_EQ(result(Text), 0x3412u);
  EXPECT_EQ(result(Text, true), 0x1234u);
  Text = "r0 = 0x11223344 ll\nr0 = le32 r0\nexit";
  EXPECT_EQ(result(Text), 0x11223344u);
  EXPECT_EQ(result(Text, true), 0x44332211u);
}

TEST(Interp, BswapAlwaysSwaps) {
  const char *Text = "r0 = 0x1122334455667788 ll\nr0 = bswap64 r0\nexit";
  EXPECT_EQ(result(Text), 0x8877665544332211u);
  EXPECT_EQ(result(Text, true), 0x8877665544332211u);
}

TEST(Interp, NarrowReadOfAWideStoreFollowsTheGuest) {
  const char *Text = "r1 = 0x1122334455667788 ll\n*(u64 *)(r10 - 8) = r1\n"
                     "r0 = *(u8 *)(r10 - 8)\nexit";
  EXPECT_EQ(result(Text), 0x88u);
  EXPECT_EQ(result(Text, true), 0x11u);
}

TEST(Interp, JumpsGoWhereATableOfTheirFunctionLeads) {
  auto Jump = [](uint64_t Entry) {
    Program P = test::program({{isa::Op::LD_IMM64, 2, 0, 0, int64_t(Entry)},
                               {isa::Op::GOTOX, 2, 0, 0, 0},
                               {isa::Op::MOV_RI, 0, 0, 0, 7},
                               {isa::Op::EXIT, 0, 0, 0, 0},
                               {isa::Op::MOV_RI, 0, 0, 0, 8},
                               {isa::Op::EXIT, 0, 0, 0, 0}});
    P.Subprogs[0].JumpTargets = {2, 4};
    return P;
  };
  EXPECT_EQ(result(Jump(instAddress(0, 2))), 7u);
  EXPECT_EQ(result(Jump(instAddress(0, 4))), 8u);
  for (uint64_t Wrong : {instAddress(0, 3), instAddress(0, 0),
                         instAddress(1, 2), uint64_t(0), ~uint64_t(0)})
    EXPECT_THAT(fault(Jump(Wrong)),
                testing::HasSubstr("no jump table of this function holds 0x"));
}

TEST(Interp, TheStackStartsAsZeroes) {
  EXPECT_EQ(result("r0 = *(u64 *)(r10 - 512)\nexit"), 0u);
}

TEST(Interp, PacketFieldsArePointers) {
  EXPECT_EQ(result("r0 = *(u32 *)(r1 + 4)\nr2 = *(u32 *)(r1 + 0)\n"
                   "r0 -= r2\nexit"),
            64u);
  EXPECT_EQ(result("r0 = *(u32 *)(r1 + 4)\nr2 = *(u32 *)(r1 + 0)\n"
                   "r0 -= r2\nexit",
                   true),
            64u);
}

TEST(Interp, CountsInstructions) {
  auto R = run(program("r0 = 3\nr0 += -1\nif r0 != 0 goto -2\nexit"));
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->Insts, 1u + 3 * 2 + 1);
}

TEST(Interp, UnwrittenRegisterIsAFault) {
  EXPECT_EQ(fault("r0 = r3\nexit"), "in `main`: r3 is read before it is "
                                    "written (instruction 0: `r0 = r3`)");
  EXPECT_EQ(fault("exit"), "in `main`: r0 is returned before it is written "
                           "(instruction 0: `exit`)");
}

TEST(Interp, StackOverflowIsAFault) {
  EXPECT_EQ(fault("r0 = 0\n*(u32 *)(r10 - 516) = r0\nexit"),
            "in `main`: cannot write 4 bytes at r10 - 516 of `main`, outside "
            "its 512 bytes of stack (instruction 1: `*(u32 *)(r10 - 0x204) "
            "= w0`)");
  EXPECT_THAT(fault("r0 = *(u64 *)(r10 - 4)\nexit"),
              testing::HasSubstr("r10 - 4 of `main`"));
}

TEST(Interp, PacketBoundsAreChecked) {
  EXPECT_THAT(fault(std::string(LoadPacket) + "r0 = *(u32 *)(r6 + 61)\nexit"),
              testing::HasSubstr("cannot read 4 bytes at packet offset 61, the "
                                 "packet has 64 bytes"));
  EXPECT_THAT(fault(std::string(LoadPacket) + "r0 = *(u8 *)(r6 - 1)\nexit"),
              testing::HasSubstr("packet offset -1"));
}

TEST(Interp, ContextPointersAreReadOnly) {
  EXPECT_THAT(fault("r2 = 0\n*(u32 *)(r1 + 4) = r2\nexit"),
              testing::HasSubstr("context offset 4, which is read-only"));
  EXPECT_THAT(fault("r0 = *(u32 *)(r1 + 24)\nexit"),
              testing::HasSubstr("context"));
}

TEST(Interp, NullIsAFault) {
  EXPECT_THAT(fault("r1 = 0\nr0 = *(u8 *)(r1 + 2)\nexit"),
              testing::HasSubstr("the null page"));
}

TEST(Interp, BadJumpsAreFaultsOnlyWhenReached) {
  EXPECT_EQ(result("r0 = 1\ngoto +1\ngoto +7\nexit"), 1u);
  EXPECT_THAT(fault("r0 = 0\nif r0 == 0 goto +7\nexit"),
              testing::HasSubstr("the jump leads to no instruction"));
  EXPECT_THAT(fault("r0 = 0\ngoto +1\nr1 = 5 ll\nexit"),
              testing::HasSubstr("the jump leads to no instruction"));
  EXPECT_THAT(fault("r0 = 0"), testing::HasSubstr("without `exit`"));
  EXPECT_THAT(fault("r10 = 0\nexit"), testing::HasSubstr("read-only"));
}

TEST(Interp, JumpsCountTheSlotsOfWideImmediates) {
  EXPECT_EQ(result("r0 = 0\ngoto +2\nr1 = 5 ll\nr0 += 1\nexit"), 1u);
}

TEST(Interp, EndlessLoopsAreStopped) {
  RunLimits L;
  L.MaxInsts = 1000;
  EXPECT_THAT(fault(program("goto -1"), L),
              testing::HasSubstr("still running after 1000 instructions"));
}

TEST(Interp, MayGotoEndsByItself) {
  EXPECT_EQ(result("r0 = 0\nmay_goto +2\nr0 += 1\ngoto -3\nexit"),
            8u * 1024 * 1024);
}

TEST(Interp, WhatUserSpaceLacksIsAFault) {
  Program P = program("call kfunc 0\nexit");
  P.Externs = {"bpf_task_acquire"};
  EXPECT_THAT(fault(P), testing::HasSubstr(
                            "`bpf_task_acquire` exists in the kernel only"));
  EXPECT_THAT(fault("r1 = 0\ncallx r1\nexit"),
              testing::HasSubstr("no kernel takes them"));
}

Program withCallee(llvm::StringRef Main, llvm::StringRef Callee) {
  Program P = program(Main);
  P.Subprogs.push_back(test::subprog("callee", code(Callee)));
  for (Subprog &S : P.Subprogs)
    for (isa::Inst &I : S.Insts)
      if (I.Opcode == isa::Op::CALL_SUBPROG)
        I.Imm = 1;
  return P;
}

TEST(Interp, CallsKeepSavedRegistersAndStacksApart) {
  EXPECT_EQ(result(withCallee("r6 = 5\n*(u64 *)(r10 - 8) = r6\nr1 = 1\n"
                              "call pc+0\nr1 = *(u64 *)(r10 - 8)\n"
                              "r0 += r1\nr0 += r6\nexit",
                              "r6 = 100\n*(u64 *)(r10 - 8) = r6\nr0 = r1\n"
                              "exit")),
            11u);
}

TEST(Interp, CalleesReachTheStackOfTheirCaller) {
  EXPECT_EQ(result(withCallee("r1 = r10\nr1 += -8\ncall pc+0\n"
                              "r0 = *(u64 *)(r10 - 8)\nexit",
                              "*(u64 *)(r1 + 0) = 42\nr0 = 0\nexit")),
            42u);
}

TEST(Interp, ArgumentRegistersAreLostInCalls) {
  EXPECT_THAT(
      fault(withCallee("r1 = 1\ncall pc+0\nr0 = r1\nexit", "r0 = 0\nexit")),
      testing::HasSubstr("r1 is read before it is written"));
}

TEST(Interp, SavedRegistersAreUnwrittenInACallee) {
  EXPECT_THAT(
      fault(withCallee("r6 = 1\nr1 = 1\ncall pc+0\nexit", "r0 = r6\nexit")),
      testing::HasSubstr("in `callee`: r6 is read before"));
}

TEST(Interp, DepthIsLimited) {
  EXPECT_THAT(
      fault(withCallee("r1 = 0\ncall pc+0\nexit", "call pc+0\nr0 = 0\nexit")),
      testing::HasSubstr("more than 8 nested calls"));
}

TEST(Interp, FaultsNameTheSourceLine) {
  Program P = program("r0 = 0\nr0 = r5\nexit");
  P.Subprogs[0].Lines = {{0, "x.c", 10, 1, ""}, {1, "x.c", 12, 1, ""}};
  auto R = run(P);
  ASSERT_FALSE(bool(R));
  llvm::handleAllErrors(R.takeError(), [](const DiagnosticError &E) {
    EXPECT_EQ(E.diagnostic().Loc.File, "x.c");
    EXPECT_EQ(E.diagnostic().Loc.Line, 12u);
  });
}

uint64_t resultOnSkb(llvm::StringRef Text) {
  Program P = program(Text);
  auto I = test::instantiate(P);
  EXPECT_TRUE(bool(I));
  std::vector<uint8_t> Frame(64);
  for (size_t N = 0; N != Frame.size(); ++N)
    Frame[N] = uint8_t(N);
  Context C((*I)->Env, HookKind::SocketFilter, Frame);
  auto R = test::execute(P, 0, C.address(), (*I)->Env);
  EXPECT_TRUE(bool(R));
  return R ? R->R0 : ~0ull;
}

TEST(Interp, PacketLoadsAreInNetworkOrder) {
  EXPECT_EQ(resultOnSkb("r6 = r1\nr0 = *(u16 *)skb[12]\nexit"), 0x0c0du);
  EXPECT_EQ(resultOnSkb("r6 = r1\nr2 = 10\nr0 = *(u32 *)skb[r2 + 2]\nexit"),
            0x0c0d0e0fu);
  // SKF_NET_OFF
  EXPECT_EQ(resultOnSkb("r6 = r1\nr0 = *(u8 *)skb[-1048576]\nexit"), 14u);
}

TEST(Interp, PacketLoadsOutOfBoundsReturnZero) {
  EXPECT_EQ(resultOnSkb("r6 = r1\nr0 = *(u16 *)skb[63]\nr0 = 5\nexit"), 0u);
}

TEST(Interp, BpfLoopRunsItsCallback) {
  Program P = program("r1 = 10\nr2 = 0 ll\nr3 = r10\nr3 += -8\nr4 = 0\n"
                      "call 181\nr0 = *(u64 *)(r10 - 8)\nexit");
  P.Subprogs[0].Insts[1] = {isa::Op::LD_FUNC, isa::R2, 0, 0, 1};
  P.Subprogs.push_back(
      test::subprog("body", code("r3 = *(u64 *)(r2 + 0)\nr3 += r1\n"
                                 "*(u64 *)(r2 + 0) = r3\nr0 = 0\nexit")));
  EXPECT_EQ(result(P), 45u);
}

TEST(Interp, FaultsInCallbacksAreTheirOwn) {
  Program P = program("r1 = 10\nr2 = 0 ll\nr3 = 0\nr4 = 0\ncall 181\nexit");
  P.Subprogs[0].Insts[1] = {isa::Op::LD_FUNC, isa::R2, 0, 0, 1};
  P.Subprogs.push_back(test::subprog("body", code("r0 = r7\nexit")));
  EXPECT_EQ(fault(P), "in `body`: r7 is read before it is written "
                      "(instruction 0: `r0 = r7`)");
}

/// main tail-calls entry r3 of a prog array whose entry 1 is subprogram 1.
Program withTailCall(llvm::StringRef Main, llvm::StringRef Target) {
  Program P = program(Main);
  P.Subprogs.push_back(test::subprog("target", code(Target)));
  MapDef Def;
  Def.Name = "jumps";
  Def.Type = 3; // BPF_MAP_TYPE_PROG_ARRAY
  Def.KeySize = Def.ValueSize = 4;
  Def.MaxEntries = 2;
  P.Maps.push_back(Def);
  P.InnerMaps.push_back(~0u);
  P.SlotValues.push_back({0, 1, true, 1});
  return P;
}

constexpr const char *TailCall = "r2 = map_fd(0) ll\nr3 = 1\ncall 12\n";

TEST(Interp, TailCallsReplaceTheProgram) {
  EXPECT_EQ(result(withTailCall(std::string(TailCall) + "r0 = 1\nexit",
                                "r0 = *(u32 *)(r1 + 12)\nr0 += 6\nexit")),
            7u);
}

TEST(Interp, TailCallsKeepTheContext) {
  // Whether r2 is written on all ways is not known before the run.
  EXPECT_EQ(result(withTailCall(std::string(TailCall) + "r0 = 1\nexit",
                                "if r1 == 0 goto +1\nr2 = 5\n"
                                "r0 = *(u32 *)(r1 + 12)\nr0 += r2\nexit")),
            6u);
}

TEST(Interp, TailCallsKeepNothingElse) {
  EXPECT_THAT(fault(withTailCall(std::string(TailCall) + "r0 = 1\nexit",
                                 "r0 = r3\nexit")),
              testing::HasSubstr("r3"));
}

TEST(Interp, TailCallsFallThrough) {
  for (const char *Index : {"0", "2", "-1"})
    EXPECT_EQ(
        result(withTailCall("r2 = map_fd(0) ll\nr3 = " + std::string(Index) +
                                "\ncall 12\nr0 = 1\nexit",
                            "r0 = 2\nexit")),
        1u);
}

TEST(Interp, TailCallsAreLimitedTo33) {
  auto R = run(withTailCall(std::string(TailCall) + "r0 = 0\nexit",
                            std::string(TailCall) + "r0 = 9\nexit"));
  ASSERT_TRUE(bool(R)) << takeMessages(R.takeError());
  EXPECT_EQ(R->R0, 9u);
  EXPECT_EQ(R->Insts, 34u * 3 + 2);
}

TEST(Interp, TailCallInASubprogReturnsToItsCaller) {
  Program P = withTailCall("call pc+0\nr0 += 1\nexit", "r0 = 40\nexit");
  P.Subprogs[0].Insts[0].Imm = 2;
  P.Subprogs.push_back(
      test::subprog("sub", code(std::string(TailCall) + "r0 = 0\nexit")));
  EXPECT_EQ(result(P), 41u);
}

} // namespace
