#include "RandomInst.h"

#include "backend/isa/Assembler.h"
#include "backend/isa/Disassembler.h"
#include "support/Diagnostic.h"

#include <gtest/gtest.h>

using namespace bpfcc;
using namespace bpfcc::isa;

static std::string text(const Inst &I) {
  std::string S;
  llvm::raw_string_ostream OS(S);
  print(OS, I);
  return S;
}

static std::vector<Inst> assembled(llvm::StringRef Text) {
  llvm::Expected<AsmResult> R = assemble(Text);
  EXPECT_TRUE(bool(R)) << Text.str();
  if (!R) {
    ADD_FAILURE() << llvm::toString(R.takeError());
    return {};
  }
  return R->Insts;
}

static std::string assemblyError(llvm::StringRef Text) {
  llvm::Expected<AsmResult> R = assemble(Text);
  return R ? "no error" : takeMessages(R.takeError());
}

static DiagCode codeOf(llvm::Error E) {
  DiagCode Code = DiagCode::Internal;
  llvm::handleAllErrors(std::move(E), [&](const DiagnosticError &D) {
    Code = D.diagnostic().Code;
  });
  return Code;
}

TEST(Encoding, ErrorsHaveCodes) {
  EXPECT_EQ(codeOf(assemble("frob r1").takeError()), DiagCode::BadAssembly);
  EXPECT_EQ(codeOf(decode({0xff, 0, 0, 0, 0, 0, 0, 0}, false).takeError()),
            DiagCode::BadInstruction);
}

TEST(Encoding, EveryRowComesBack) {
  std::mt19937_64 Random(1);
  for (unsigned Row = 0; Row < NumOps; ++Row)
    for (unsigned Round = 0; Round < 50; ++Round)
      for (bool BigEndian : {false, true}) {
        Inst I = randomInst(Op(Row), Random);
        llvm::SmallVector<uint8_t, 16> Bytes;
        encode(I, BigEndian, Bytes);
        ASSERT_EQ(Bytes.size(), 8 * slots(I.Opcode));
        llvm::Expected<Inst> Back = decodeOne(Bytes, BigEndian);
        ASSERT_TRUE(bool(Back))
            << text(I) << ": " << llvm::toString(Back.takeError());
        EXPECT_EQ(*Back, I) << text(I) << " / " << text(*Back);
      }
}

TEST(Assembler, ReadsWhatTheDisassemblerPrints) {
  std::mt19937_64 Random(2);
  for (unsigned Row = 0; Row < NumOps; ++Row)
    for (unsigned Round = 0; Round < 50; ++Round) {
      Inst I = randomInst(Op(Row), Random);
      std::vector<Inst> Back = assembled(text(I));
      ASSERT_EQ(Back.size(), 1u);
      EXPECT_EQ(Back[0], I)
          << info(I.Opcode).Name << ": " << text(I) << " / " << text(Back[0]);
    }
}

TEST(Encoding, BytesFollowTheTargetsOrder) {
  llvm::SmallVector<uint8_t, 8> Little, Big;
  Inst I{Op::STXW, R1, R2, 0x102, 0};
  encode(I, false, Little);
  encode(I, true, Big);
  EXPECT_EQ(Little,
            (llvm::SmallVector<uint8_t, 8>{0x63, 0x21, 2, 1, 0, 0, 0, 0}));
  EXPECT_EQ(Big, (llvm::SmallVector<uint8_t, 8>{0x63, 0x12, 1, 2, 0, 0, 0, 0}));
}

static std::string decodeError(std::vector<uint8_t> Bytes) {
  llvm::Expected<std::vector<Inst>> R = decode(Bytes, false);
  return R ? "no error" : takeMessages(R.takeError());
}

TEST(Decoder, RefusesWithAReason) {
  auto has = [](const std::string &S, const char *Part) {
    EXPECT_NE(S.find(Part), std::string::npos) << S;
  };
  has(decodeError({0x95, 0, 0}), "slot 0: only 3 bytes");
  has(decodeError({0xff, 0, 0, 0, 0, 0, 0, 0}), "unknown opcode 0xff");
  has(decodeError({0xb7, 0x0b, 0, 0, 0, 0, 0, 0}), "register r11");
  has(decodeError({0x95, 0, 0, 0, 1, 0, 0, 0}), "imm 1, which must be 0");
  has(decodeError({0x95, 0, 1, 0, 0, 0, 0, 0}), "off 1");
  has(decodeError({0x95, 1, 0, 0, 0, 0, 0, 0}), "dst r1");
  has(decodeError({0x18, 0, 0, 0, 0, 0, 0, 0}), "without its second slot");
  has(decodeError({0x18, 0x90, 0, 0, 0, 0, 0, 0}), "src 9");
  has(decodeError({0xdc, 0, 0, 0, 17, 0, 0, 0}), "imm 17");
}

TEST(Decoder, NeverCrashesOnAnyFirstSlot) {
  std::mt19937_64 Random(3);
  for (unsigned Round = 0; Round < 200000; ++Round) {
    uint64_t Bits[2] = {Random(), Random() & (Random() % 2 ? ~0ull : 0)};
    llvm::ArrayRef<uint8_t> Bytes(reinterpret_cast<uint8_t *>(Bits), 16);
    for (bool BigEndian : {false, true}) {
      llvm::Expected<Inst> I = decodeOne(Bytes, BigEndian);
      if (!I) {
        llvm::consumeError(I.takeError());
        continue;
      }
      llvm::SmallVector<uint8_t, 16> Again;
      encode(*I, BigEndian, Again);
      EXPECT_EQ(llvm::ArrayRef<uint8_t>(Again), Bytes.take_front(Again.size()));
    }
  }
}

TEST(Assembler, LabelsAndComments) {
  std::vector<Inst> I = assembled("/* start */ r0 = 0 // zero\n"
                                  "again: r0 += 1; # one more\n"
                                  "if r0 < 5 goto again\n"
                                  "r1 = 7 ll; goto 1f; exit; 1: exit");
  ASSERT_EQ(I.size(), 7u);
  EXPECT_EQ(I[2].Off, -2);
  EXPECT_EQ(I[4].Off, 1);
}

TEST(Assembler, WhatIsNotDefinedIsAReference) {
  llvm::Expected<AsmResult> R = assemble("r1 = my_map + 8 ll; call my_func\n"
                                         "goto out");
  ASSERT_TRUE(bool(R));
  ASSERT_EQ(R->References.size(), 3u);
  EXPECT_EQ(R->References[0].Symbol, "my_map");
  EXPECT_EQ(R->Insts[0].Imm, 8);
  EXPECT_EQ(R->References[1].Symbol, "my_func");
  EXPECT_EQ(R->References[2].Inst, 2u);
}

TEST(Assembler, SpellingsOfUsers) {
  EXPECT_EQ(assembled("*(u32 *)(r1 + 4) = r2"), assembled("*(u32*)(r1+4)=w2"));
  EXPECT_EQ(assembled("r1 = *(u8 *)(r2)"), assembled("w1 = *(u8 *)(r2 + 0)"));
  EXPECT_EQ(assembled("r1 = *(u64 *)(r2 + -8)"),
            assembled("r1 = *(u64 *)(r2 - 0x8)"));
  EXPECT_EQ(assembled("r1 &= 0xffffffff"), assembled("r1 &= -1"));
  EXPECT_EQ(assembled(".8byte 0x95"), assembled("exit"));
}

TEST(Assembler, Expressions) {
  EXPECT_EQ(assembled("r0 = 4 - 1"), assembled("r0 = 3"));
  EXPECT_EQ(assembled("r0 = -(1 << 3) + 0b101"), assembled("r0 = -3"));
  EXPECT_EQ(assembled("r0 = 1 | 2 + 4 * 3"), assembled("r0 = 15"));
  EXPECT_EQ(assembled("*(u64 *)(r10 - 8 * 2) = r1"),
            assembled("*(u64 *)(r10 - 16) = r1"));
  EXPECT_EQ(assembled("if r1 < 2 * 8 goto +1; exit; exit"),
            assembled("if r1 < 16 goto 1f; exit; 1: exit"));
  EXPECT_EQ(assembled(".set depth, 4; .set size, depth * 2; r1 = size + 1"),
            assembled("r1 = 9"));
  EXPECT_EQ(assembled("gotol 0f; 0: gotol 0b"),
            assembled("gotol +0; gotol -1"));
}

TEST(Assembler, DataStandsForInstructions) {
  EXPECT_EQ(assembled(".byte 0xb7, 0; .short 0; .long 7; .8byte 0x95"),
            assembled("r0 = 7; exit"));
  EXPECT_EQ(assembled("1: .byte 5, 0; .short (2f - 1b - 8) / 8; .zero 4\n"
                      "exit\n2: exit"),
            assembled("goto 1f; exit; 1: exit"));
  EXPECT_EQ(assembled(".quad 0x700000118, 0x500000000"),
            assembled("r1 = 0x500000007 ll"));
  EXPECT_EQ(assembled(".ascii \"\\225\"; .fill 1, 3, 0; .p2align 3"),
            assembled("exit"));
  llvm::Expected<AsmResult> R =
      assemble(".byte 0xb7, 0, 0, 0, 0, 0, 0, 7", true);
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->Insts, assembled("r0 = 7"));
}

TEST(Assembler, SlotsThatAreNoInstruction) {
  llvm::Expected<AsmResult> R = assemble("exit; .8byte 0xf0bf; .byte 5, 0\n"
                                         ".short (out - . - 6) / 8; .long 0");
  ASSERT_TRUE(bool(R));
  ASSERT_EQ(R->Raws.size(), 2u);
  EXPECT_EQ(R->Raws[0].Inst, 1u);
  EXPECT_EQ(R->Raws[0].Bytes[1], 0xf0);
  ASSERT_EQ(R->Raws[1].Patches.size(), 1u);
  const AsmPatch &P = R->Raws[1].Patches[0];
  EXPECT_EQ(P.At, 2u);
  auto V = evaluate(P.Value, [](const AsmExpr::Node &) {
    return AsmValue{48, "."}; // `.` and `out` alike
  });
  ASSERT_TRUE(V.has_value());
  EXPECT_EQ(V->Number, (48 - (48 + 18) - 6) / 8);
}

TEST(Assembler, ConditionsRepetitionsAndMacros) {
  EXPECT_EQ(assembled(".ifc r1, r2; r0 = 1; .else; r0 = 2; .endif"),
            assembled("r0 = 2"));
  EXPECT_EQ(assembled(".if 2 > 1; .ifdef x; r0 = 1; .elseif 1; r0 = 2; .endif\n"
                      ".else; exit; .endif"),
            assembled("r0 = 2"));
  EXPECT_EQ(assembled(".rept 3; r0 += 1; .endr"),
            assembled("r0 += 1; r0 += 1; r0 += 1"));
  EXPECT_EQ(assembled(".irp r, 1, 2; r\\r = 0; .endr"),
            assembled("r1 = 0; r2 = 0"));
  EXPECT_EQ(assembled(".macro add to, n=1; \\to += \\n; l\\@:\n.endm\n"
                      "add r1; add r2, 5; goto l1"),
            assembled("r1 += 1; r2 += 5; goto -1"));
}

TEST(Assembler, DirectiveErrors) {
  EXPECT_EQ(assemblyError(".frob 3"),
            "the directive `.frob` is not known in `.frob 3`");
  EXPECT_EQ(assemblyError(".byte 1, 2"),
            "2 bytes, which are no whole instructions, in `.byte 1, 2`");
  EXPECT_EQ(assemblyError(".rept 2; exit"), "no `.endr` in `.rept 2`");
  EXPECT_EQ(assemblyError(".if 1; exit"), "no `.endif` in `.if 1`");
  EXPECT_EQ(assemblyError(".rept 10000000; .endr"),
            "more than a million statements in `.rept 10000000`");
  EXPECT_EQ(assemblyError(".macro m; m; .endm; m"), "nested too deeply in `m`");
  EXPECT_EQ(assemblyError(".set a, 1 / 0; r1 = a"),
            "unknown instruction in `r1 = a`");
  EXPECT_EQ(assemblyError(".byte 1 +"),
            "an expression is missing in `.byte 1 +`");
}

TEST(Assembler, ErrorsNameTheStatement) {
  EXPECT_EQ(assemblyError("r1 = 1; r1 <> 2"),
            "unknown instruction in `r1 <> 2`");
  EXPECT_EQ(assemblyError("r1 += 0x100000000"),
            "an operand is too large in `r1 += 0x100000000`");
  EXPECT_EQ(assemblyError("r1 = 08"), "no instruction has `0` in `r1 = 08`");
  EXPECT_EQ(assemblyError("goto 1b"), "no label `1b` in `goto 1b`");
  EXPECT_EQ(assemblyError("a: exit; a: exit"),
            "label `a` is defined again in `a: exit`");
  EXPECT_EQ(assemblyError("r11 = 1"), "unknown instruction in `r11 = 1`");
}
