// Random programs on the interpreter and on compiled code: equal results,
// instruction counts, memory and faults.

#include "Build.h"
#include "backend/target/Helpers.h"

#include <random>

using namespace bpfcc;
using namespace bpfcc::isa;

namespace {

/// Programs that loads and jumps of any kind may end with a fault, and that
/// loops without an end may stop at their limit.
class Generator {
public:
  explicit Generator(unsigned Seed) : Random(Seed) {}

  Program program(bool BigEndian) {
    Program P;
    P.BigEndian = BigEndian;
    P.Subprogs.push_back(test::subprog("main", function(true)));
    P.Subprogs.push_back(test::subprog("callee", function(false)));
    P.Subprogs[1].IsProgram = false;
    return P;
  }

private:
  uint32_t below(uint32_t N) { return uint32_t(Random() % N); }
  bool oneIn(uint32_t N) { return below(N) == 0; }

  uint8_t reg() { return uint8_t(below(10)); }
  int32_t number() {
    static constexpr int32_t Edges[] = {0,    1,      -1,        7,        8,
                                        31,   32,     63,        64,       127,
                                        -128, 0x7fff, INT32_MAX, INT32_MIN};
    return oneIn(2) ? Edges[below(std::size(Edges))] : int32_t(Random());
  }

  /// A random row; its Form decides what the fields hold.
  Inst inst(uint32_t Index, uint32_t Count) {
    Inst I;
    do {
      I.Opcode = Op(below(NumOps));
    } while (!isUsable(I.Opcode));
    I.Dst = reg();
    I.Src = reg();
    switch (form(I.Opcode)) {
    case Form::RR:
      I.Off = 0;
      break;
    case Form::RI:
    case Form::R:
      I.Src = 0;
      I.Imm = form(I.Opcode) == Form::RI ? number() : 0;
      break;
    case Form::Load:
      pointer(I.Src, I.Off);
      break;
    case Form::StoreR:
    case Form::Atomic:
    case Form::StoreI:
      pointer(I.Dst, I.Off);
      if (form(I.Opcode) == Form::StoreI) {
        I.Src = 0;
        I.Imm = number();
      }
      break;
    case Form::Imm64:
      I.Src = 0;
      I.Imm = int64_t(Random());
      break;
    case Form::JmpRI:
      I.Src = 0;
      I.Imm = number();
      I.Off = distance(Index, Count);
      break;
    case Form::JmpRR:
      I.Off = distance(Index, Count);
      break;
    case Form::Jmp:
      I.Dst = I.Src = 0;
      I.Off = distance(Index, Count);
      break;
    case Form::JmpL:
      I.Dst = I.Src = 0;
      I.Imm = distance(Index, Count);
      break;
    case Form::Call:
      I.Dst = I.Src = 0;
      break;
    case Form::Abs:
      I.Dst = I.Src = 0;
      I.Imm = below(70);
      break;
    case Form::Ind:
      I.Dst = 0;
      I.Imm = below(20);
      break;
    default:
      I.Dst = I.Src = 0;
      break;
    }
    return I;
  }

  static bool isUsable(Op O) {
    switch (form(O)) {
    case Form::CallR:
    case Form::CastRR:
    case Form::Call:
    case Form::Exit:
      return false;
    case Form::Imm64:
      return O == Op::LD_IMM64;
    default:
      return true;
    }
  }

  void pointer(uint8_t &Reg, int16_t &Off) {
    switch (below(8)) {
    case 0:
      Off = int16_t(below(600)) - 560;
      Reg = R10;
      break;
    case 1:
      Reg = R7; // the packet
      Off = int16_t(below(70));
      break;
    case 2:
      Off = int16_t(Random());
      break;
    default:
      Reg = oneIn(2) ? uint8_t(R7) : uint8_t(R10);
      Off = Reg == R7 ? int16_t(below(56)) : int16_t(-8 - int(below(64)));
      break;
    }
  }

  int16_t distance(uint32_t Index, uint32_t Count) {
    bool Back = oneIn(4) && Index > 4;
    return Back ? int16_t(-int(below(Index - 3)) - 1)
                : int16_t(below(std::min(Count - Index, 6u)));
  }

  std::vector<Inst> function(bool Main) {
    std::vector<Inst> Code;
    if (Main) {
      Code.push_back({Op::MOV_RR, R6, R1, 0, 0});
      Code.push_back({Op::LDXW, R7, R1, 0, 0});
    } else {
      Code.push_back({Op::MOV_RR, R7, R1, 0, 0});
      Code.push_back({Op::MOV_RI, R6, 0, 0, 1});
    }
    for (uint8_t R : {R0, R1, R2, R3, R4, R5, R8, R9})
      if (!oneIn(60) && (Main || R != R1))
        Code.push_back(
            {Op::LD_IMM64, R, 0, 0, oneIn(2) ? int64_t(Random()) : number()});
    uint32_t Count = 10 + below(40);
    for (uint32_t N = 0; N != Count; ++N) {
      Inst I = inst(N, Count);
      // Packet and frame stay what they are, mostly.
      if (I.Dst == R7 && !oneIn(20) && form(I.Opcode) != Form::StoreI &&
          form(I.Opcode) != Form::StoreR && form(I.Opcode) != Form::Atomic)
        I.Dst = R8;
      // A jump into the middle of a wide instruction is a fault; have few.
      Code.push_back(I);
      if (oneIn(12))
        call(Code, Main);
      if (oneIn(8))
        pattern(Code);
    }
    Code.push_back({Op::EXIT, 0, 0, 0, 0});
    return Code;
  }

  /// What is translated together: sums of pointers and rotations.
  void pattern(std::vector<Inst> &Code) {
    uint8_t D = uint8_t(R1 + below(5)), X = reg(), T = reg();
    bool Wide = oneIn(2), Swap = oneIn(2);
    if (oneIn(2)) {
      if (!oneIn(4))
        Code.push_back({Op::MOV_RR, D, X, 0, 0});
      if (oneIn(2))
        Code.push_back({Op::LSH_RI, D, 0, 0, int64_t(below(5))});
      if (!oneIn(4))
        Code.push_back({Op::ADD_RR, D, T, 0, 0});
      if (oneIn(2))
        Code.push_back({Op::ADD_RI, D, 0, 0, number()});
      return;
    }
    int64_t Bits = Wide ? 64 : 32, By = 1 + below(uint32_t(Bits) - 1);
    Op Left = Wide ? Op::LSH_RI : Op::LSH32_RI;
    Op Right = Wide ? Op::RSH_RI : Op::RSH32_RI;
    if (T == R7)
      T = R8;
    Code.push_back({Op::MOV_RR, D, X, 0, 0});
    Code.push_back({Swap ? Left : Right, D, 0, 0, By});
    if (oneIn(2))
      Code.push_back({Wide ? Op::MOV_RR : Op::MOV32_RR, T, X, 0, 0});
    else if (X != R7)
      T = X;
    Code.push_back({Swap ? Right : Left, T, 0, 0, Bits - By});
    bool Other = oneIn(2);
    Code.push_back(
        {Wide ? Op::OR_RR : Op::OR32_RR, Other ? T : D, Other ? D : T, 0, 0});
    if (!oneIn(4))
      Code.push_back({Op::MOV_RI, Other ? D : T, 0, 0, number()});
  }

  void call(std::vector<Inst> &Code, bool Main) {
    if (Main && oneIn(2)) {
      Code.push_back({Op::MOV_RR, R1, R7, 0, 0});
      Code.push_back({Op::CALL_SUBPROG, 0, 0, 0, 1});
    } else {
      Code.push_back({Op::CALL_HELPER, 0, 0, 0, 5}); // bpf_ktime_get_ns
    }
    for (uint8_t R : {R1, R2, R3, R4, R5})
      Code.push_back({Op::MOV_RI, R, 0, 0, number()});
  }

  std::mt19937 Random;
};

/// What a run leaves behind, as text.
std::string outcome(const Program &P, bool Compiled, const RunLimits &Limits,
                    unsigned &Translated) {
  auto I = test::instantiate(P);
  std::vector<uint8_t> Frame(64);
  for (size_t N = 0; N != Frame.size(); ++N)
    Frame[N] = uint8_t(N * 7);
  Context C((*I)->Env, HookKind::Xdp, Frame);
  llvm::Expected<RunResult> R = RunResult();
  if (Compiled) {
    // A second run starts from what the first left.
    JitOptions Options = test::jitOptions();
    Options.Baseline = P.Subprogs[0].Insts.size() % 2;
    auto J = llvm::cantFail(test::compile(P, (*I)->Env, Options));
    Translated += J->isTranslated(0) && J->isTranslated(1);
    auto Once = [&] { return J->run(0, C.address(), Limits); };
    llvm::consumeError(Once().takeError());
    R = Once();
  } else {
    Interpreter Interp(P, (*I)->Env);
    llvm::consumeError(Interp.run(0, C.address(), Limits).takeError());
    R = Interp.run(0, C.address(), Limits);
  }
  std::string Text;
  for (uint8_t B : C.packet())
    Text += std::to_string(B) + " ";
  if (!R)
    return Text + takeMessages(R.takeError());
  return Text + std::to_string(R->R0) + " after " + std::to_string(R->Insts);
}

class Differential : public testing::TestWithParam<bool> {};

TEST_P(Differential, RandomPrograms) {
  unsigned Translated = 0, Finished = 0;
#if defined(BPFCC_TEST_LLVM) && defined(BPFCC_TEST_REMOTE)
  constexpr unsigned Programs = 150;
#elif defined(BPFCC_TEST_LLVM)
  constexpr unsigned Programs = 400;
#elif defined(BPFCC_TEST_REMOTE)
  constexpr unsigned Programs = 600;
#else
  constexpr unsigned Programs = 3000;
#endif
  for (unsigned Seed = 0; Seed != Programs; ++Seed) {
    Program P = Generator(Seed).program(GetParam());
    RunLimits Limits;
    Limits.MaxInsts = 50 + Seed % 1000;
#if defined(BPFCC_TEST_LLVM)
    // Near the limit the interpreter runs loops.
    if (Seed % 4 == 0)
      Limits.MaxInsts = 1 << 21;
#endif
    unsigned None = 0;
    std::string Expected = outcome(P, false, Limits, None);
    ASSERT_EQ(outcome(P, true, Limits, Translated), Expected)
        << "seed " << Seed;
    Finished += Expected.find(" after ") != std::string::npos;
  }
  EXPECT_GT(Translated, Programs / 4);
  EXPECT_GT(Finished, Programs / 10);
}

#if !defined(BPFCC_TEST_LLVM) && !defined(BPFCC_TEST_REMOTE)
// A subprogram that may read what was not written keeps the interpreter from
// running a program without looking at each instruction.
TEST_P(Differential, BothLoopsOfTheInterpreter) {
  for (unsigned Seed = 0; Seed != 2000; ++Seed) {
    Program P = Generator(Seed).program(GetParam());
    RunLimits Limits;
    Limits.MaxInsts = Seed % 3 ? 1 << 14 : 50 + Seed % 1000;
    unsigned None = 0;
    std::string Expected = outcome(P, false, Limits, None);
    P.Subprogs.push_back(test::subprog("unproven", {{Op::JEQ_RI, R1, 0, 1, 0},
                                                    {Op::MOV_RI, R0, 0, 0, 0},
                                                    {Op::EXIT, 0, 0, 0, 0}}));
    ASSERT_EQ(outcome(P, false, Limits, None), Expected) << "seed " << Seed;
  }
}
#endif

INSTANTIATE_TEST_SUITE_P(Orders, Differential, testing::Bool(),
                         [](const auto &Info) {
                           return Info.param ? "Big" : "Little";
                         });

} // namespace
