// Which programs run in user space without checks.

#include "runtime/verify/Proof.h"
#include "../interp/Build.h"
#include "runtime/verify/Verify.h"

using namespace bpfcc;

namespace {

/// \p Text as a program of \p Section.
Program program(llvm::StringRef Text, const char *Section) {
  auto Code = isa::assemble(Text);
  EXPECT_TRUE(bool(Code)) << takeMessages(Code.takeError());
  Program P = test::program(Code->Insts);
  P.Subprogs[0].Section = Section;
  P.Subprogs[0].IsProgram = true;
  P.License = "GPL";
  return P;
}

constexpr const char *ReadsFirstByte = "r2 = *(u32 *)(r1 + 0)\n"
                                       "r3 = *(u32 *)(r1 + 4)\n"
                                       "r0 = 0\n"
                                       "r4 = r2\nr4 += 1\n"
                                       "if r4 > r3 goto +1\n"
                                       "r0 = *(u8 *)(r2 + 0)\n"
                                       "exit";

/// Reads 4 bytes at the distance that the only value of map 0 holds.
constexpr const char *ReadsAtConstant = "r2 = map_value(0) ll\n"
                                        "r3 = *(u32 *)(r2 + 0)\n"
                                        "r2 += r3\n"
                                        "r0 = *(u32 *)(r2 + 0)\n"
                                        "exit";

Program withMap(Program P, uint32_t Type, uint32_t Flags) {
  MapDef Def;
  Def.Name = ".rodata";
  Def.Type = Type;
  Def.KeySize = 4;
  Def.ValueSize = 8;
  Def.MaxEntries = 1;
  Def.Flags = Flags;
  P.Maps.push_back(Def);
  P.InnerMaps.push_back(~0u);
  P.Initial.push_back({0, {0, 0, 0, 0}, {4, 0, 0, 0, 0, 0, 0, 0}});
  return P;
}

constexpr uint32_t Array = 2, ProgArray = 3, ReadOnlyForPrograms = 1 << 7;

TEST(Proof, PacketsThatAreComparedNeedNoCheck) {
  EXPECT_TRUE(verify::needsNoChecks(program(ReadsFirstByte, "xdp")));
}

TEST(Proof, WhatAKernelRefusesIsChecked) {
  EXPECT_FALSE(verify::needsNoChecks(
      program("r2 = *(u32 *)(r1 + 0)\nr0 = *(u8 *)(r2 + 0)\nexit", "xdp")));
}

TEST(Proof, ContextsThatUsersGiveAreChecked) {
  EXPECT_TRUE(verify::needsNoChecks(program("r0 = 0\nexit", "xdp")));
  EXPECT_FALSE(verify::needsNoChecks(program("r0 = 0\nexit", "kprobe/f")));
  EXPECT_FALSE(verify::needsNoChecks(program("r0 = 0\nexit", "nonsense")));
}

TEST(Proof, ConstantsMayBeSet) {
  Program P =
      withMap(program(ReadsAtConstant, "xdp"), Array, ReadOnlyForPrograms);
  verify::Options O;
  O.Type = target::ProgType::Xdp;
  EXPECT_EQ(verify::verify(P, 0, O).V, verify::Verdict::Accepted);
  EXPECT_FALSE(verify::needsNoChecks(P));
}

TEST(Proof, TailCallsStayWithOneContext) {
  Program P = withMap(program(ReadsFirstByte, "xdp"), ProgArray, 0);
  P.Initial.clear();
  P.Maps[0].ValueSize = 4;
  EXPECT_TRUE(verify::needsNoChecks(P));
  P.Subprogs.push_back(program("r0 = 0\nexit", "tc").Subprogs[0]);
  EXPECT_FALSE(verify::needsNoChecks(P));
}

/// Reads map 0 at the distance that a function returns.
Program readsAtResult(llvm::StringRef Function) {
  Program P = withMap(program("call pc+0\n"
                              "r1 = map_value(0) ll\n"
                              "r1 += r0\n"
                              "r0 = *(u8 *)(r1 + 0)\n"
                              "exit",
                              "xdp"),
                      Array, 0);
  P.Subprogs[0].Insts[0].Imm = 1;
  P = withMap(std::move(P), ProgArray, 0);
  P.Maps[1].ValueSize = 4;
  P.Initial.clear();
  P.Subprogs.push_back(program(Function, "xdp").Subprogs[0]);
  P.Subprogs[1].IsProgram = false;
  return P;
}

TEST(Proof, FunctionsReturnWhatTheirTailCallsReturn) {
  EXPECT_TRUE(verify::needsNoChecks(readsAtResult("r0 = 1\nexit")));
  EXPECT_FALSE(verify::needsNoChecks(readsAtResult("r2 = map_fd(1) ll\n"
                                                   "r3 = 0\n"
                                                   "call 12\n"
                                                   "r0 = 1\n"
                                                   "exit")));
  EXPECT_TRUE(verify::needsNoChecks(readsAtResult("r2 = map_fd(0) ll\n"
                                                  "r0 = 1\n"
                                                  "exit")));
}

TEST(Proof, ObjectsAndArenasAreChecked) {
  Program P = program("r0 = 0\nexit", "xdp");
  P.Externs = {"bpf_iter_num_new"};
  EXPECT_TRUE(verify::needsNoChecks(P));
  P.Externs = {"bpf_obj_new_impl"};
  EXPECT_FALSE(verify::needsNoChecks(P));
  P.Externs.clear();
  constexpr uint32_t Arena = 33;
  EXPECT_FALSE(verify::needsNoChecks(withMap(P, Arena, 0)));
}

} // namespace
