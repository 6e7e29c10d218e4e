// Every row of isa.def that computes, against the kernel: one XDP program for
// each row runs the instruction on many operands from its packet and writes
// the registers back. The interpreter runs the same program.

#include "Kernel.h"
#include "Build.h"

#include <random>

using namespace bpfcc;
using namespace bpfcc::isa;

namespace {

#if defined(BPFCC_TEST_LLVM) // which takes its time
constexpr unsigned Items = 12;
#else
constexpr unsigned Items = 40;
#endif
constexpr unsigned ItemSize = 24;

class OperandSource {
public:
  explicit OperandSource(unsigned Seed) : Random(Seed) {}
  uint64_t next() {
    static constexpr uint64_t Edges[] = {0,
                                         1,
                                         2,
                                         7,
                                         31,
                                         32,
                                         63,
                                         64,
                                         0x7f,
                                         0x80,
                                         0xff,
                                         0x7fff,
                                         0x8000,
                                         0x7fffffff,
                                         0x80000000,
                                         0xffffffff,
                                         1ull << 32,
                                         1ull << 63,
                                         ~0ull,
                                         ~0ull - 1,
                                         0xffffffff00000000,
                                         0x7fffffffffffffff,
                                         0xffffffff80000000};
    return Random() % 2 ? Edges[Random() % std::size(Edges)]
                        : Random() >> Random() % 64;
  }

private:
  std::mt19937_64 Random;
};

bool isDivision(uint8_t Opcode) {
  return (Opcode & 7) % 4 != 1 &&
         ((Opcode & 0xf0) == 0x30 || (Opcode & 0xf0) == 0x90);
}
bool isShift(uint8_t Opcode) {
  uint8_t Code = Opcode & 0xf0;
  return Code == 0x60 || Code == 0x70 || Code == 0xc0;
}

/// The immediate that goes with row \p O: what the verifier refuses is left
/// out.
int64_t immediateFor(Op O, OperandSource &Source) {
  int32_t Imm = int32_t(Source.next());
  uint8_t Opcode = info(O).Opcode;
  if (form(O) == Form::RI && isDivision(Opcode) && Imm == 0)
    return 3;
  if (form(O) == Form::RI && isShift(Opcode))
    return Imm & ((Opcode & 7) == 7 ? 63 : 31);
  return Imm;
}

/// One item: r1, r2, r0 hold its words; afterwards they hold the result.
void addItem(std::vector<Inst> &Code, Op O, OperandSource &Source) {
  Inst I;
  I.Opcode = O;
  switch (form(O)) {
  case Form::RR:
    I.Dst = R1, I.Src = R2;
    break;
  case Form::RI:
    I.Dst = R1, I.Imm = immediateFor(O, Source);
    break;
  case Form::R:
    I.Dst = R1;
    break;
  case Form::Load:
    I.Dst = R1, I.Src = R10, I.Off = -8;
    break;
  case Form::StoreR:
  case Form::Atomic:
    I.Dst = R10, I.Src = R2, I.Off = -8;
    break;
  case Form::StoreI:
    I.Dst = R10, I.Off = -8, I.Imm = int32_t(Source.next());
    break;
  case Form::JmpRR:
    I.Dst = R1, I.Src = R2, I.Off = 1;
    break;
  case Form::JmpRI:
    I.Dst = R1, I.Off = 1, I.Imm = int32_t(Source.next());
    break;
  case Form::Imm64:
    I.Dst = R1, I.Imm = int64_t(Source.next());
    break;
  default:
    I.Off = 1; // JA
    I.Imm = 1; // JAL
    break;
  }
  if (form(O) == Form::Jmp)
    I.Imm = 0;
  if (form(O) == Form::JmpL)
    I.Off = 0;
  Code.push_back({Op::STXDW, R10, R1, -8, 0});
  if (form(O) == Form::Jmp || form(O) == Form::JmpL)
    Code.push_back({Op::JEQ_RI, R1, 0, 1, 0}); // what follows is reached
  Code.push_back(I);
  switch (form(O)) {
  case Form::JmpRR:
  case Form::JmpRI:
  case Form::Jmp:
  case Form::JmpL:
    Code.push_back({Op::MOV_RI, R0, 0, 0, 77});
    break;
  case Form::StoreR:
  case Form::StoreI:
  case Form::Atomic:
    Code.push_back({Op::LDXDW, R1, R10, -8, 0});
    break;
  default:
    break;
  }
}

std::vector<Inst> programFor(Op O, OperandSource &Source) {
  std::vector<Inst> Code = {
      {Op::LDXW, R6, R1, 0, 0}, // data
      {Op::LDXW, R2, R1, 4, 0}, // data_end
      {Op::MOV_RR, R3, R6, 0, 0}, {Op::ADD_RI, R3, 0, 0, Items * ItemSize},
      {Op::JLE_RR, R3, R2, 2, 0}, {Op::MOV_RI, R0, 0, 0, 0},
      {Op::EXIT, 0, 0, 0, 0},
  };
  for (unsigned N = 0; N != Items; ++N) {
    int16_t At = int16_t(N * ItemSize);
    Code.push_back({Op::LDXDW, R1, R6, At, 0});
    Code.push_back({Op::LDXDW, R2, R6, int16_t(At + 8), 0});
    Code.push_back({Op::LDXDW, R0, R6, int16_t(At + 16), 0});
    addItem(Code, O, Source);
    Code.push_back({Op::STXDW, R6, R1, At, 0});
    Code.push_back({Op::STXDW, R6, R2, int16_t(At + 8), 0});
    Code.push_back({Op::STXDW, R6, R0, int16_t(At + 16), 0});
  }
  Code.push_back({Op::MOV_RI, R0, 0, 0, 2});
  Code.push_back({Op::EXIT, 0, 0, 0, 0});
  return Code;
}

std::vector<uint8_t> packetFor(OperandSource &Source) {
  std::vector<uint8_t> Packet;
  for (unsigned N = 0; N != Items; ++N) {
    uint64_t Words[3] = {Source.next(), Source.next(), Source.next()};
    if (N % 3 == 0)
      Words[2] = Words[0]; // cmpxchg that succeeds, == that holds
    if (N % 5 == 0)
      Words[1] = Words[0];
    for (uint64_t W : Words)
      for (unsigned B = 0; B != 8; ++B)
        Packet.push_back(uint8_t(W >> (8 * B)));
  }
  return Packet;
}

class RowTest : public testing::TestWithParam<Op> {};

TEST_P(RowTest, EqualsKernel) {
  Op O = GetParam();
  OperandSource Source(unsigned(O) + 1);
  std::vector<Inst> Code = programFor(O, Source);
  std::vector<uint8_t> Packet = packetFor(Source);

  test::KernelResult Kernel =
      test::runInKernel(BPF_PROG_TYPE_XDP, Code, Packet);
  if (Kernel.Refused)
    GTEST_SKIP() << "bpf(2) is refused here";
  if (Kernel.Error.find("unknown opcode") != std::string::npos ||
      Kernel.Error.find("reserved fields") != std::string::npos)
    GTEST_SKIP() << "this kernel lacks " << info(O).Name;
  ASSERT_EQ(Kernel.Error, "");

  std::vector<uint8_t> Ours = Packet;
  auto Result = test::runXdp(test::program(Code), Ours);
  ASSERT_TRUE(bool(Result)) << takeMessages(Result.takeError());
  EXPECT_EQ(Result->R0, Kernel.Return);
  ASSERT_EQ(Ours.size(), Kernel.Packet.size());
  for (unsigned N = 0; N != Items; ++N)
    EXPECT_EQ(llvm::ArrayRef(Ours).slice(N * ItemSize, ItemSize),
              llvm::ArrayRef(Kernel.Packet).slice(N * ItemSize, ItemSize))
        << "item " << N;
}

std::vector<Op> comparableRows() {
  std::vector<Op> Rows;
  for (unsigned N = 0; N != NumOps; ++N) {
    Op O = Op(N);
    switch (form(O)) {
    case Form::RR:
    case Form::RI:
    case Form::R:
    case Form::Load:
    case Form::StoreR:
    case Form::StoreI:
    case Form::Atomic:
    case Form::JmpRR:
    case Form::JmpRI:
    case Form::JmpL:
      Rows.push_back(O);
      break;
    default:
      if (O == Op::LD_IMM64 || O == Op::JA)
        Rows.push_back(O);
      break;
    }
  }
  return Rows;
}

INSTANTIATE_TEST_SUITE_P(Isa, RowTest, testing::ValuesIn(comparableRows()),
                         [](const auto &Info) {
                           return std::string(isa::info(Info.param).Name);
                         });

} // namespace
