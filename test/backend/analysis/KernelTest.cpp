// The kernel's verifier prints what it knows of each register behind each
// instruction. What it knew before, and the instruction, give what we know: the
// two must have a number in common, and ours is to be as exact.

#include "backend/analysis/Scalar.h"
#include "backend/isa/Encoding.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

#include "gtest/gtest.h"

#include <linux/bpf.h>

#include <map>
#include <random>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

using namespace bpfcc;
using namespace bpfcc::analysis;
using isa::Inst;
using isa::Op;
using llvm::StringRef;

namespace {

constexpr uint8_t Registers[] = {isa::R6, isa::R7, isa::R8, isa::R9};
constexpr unsigned Random32 = 7; // bpf_get_prandom_u32

const Op Arithmetic[] = {
    Op::ADD_RR,   Op::SUB_RR,   Op::MUL_RR,   Op::OR_RR,    Op::AND_RR,
    Op::XOR_RR,   Op::ADD32_RR, Op::SUB32_RR, Op::MUL32_RR, Op::OR32_RR,
    Op::AND32_RR, Op::XOR32_RR, Op::ADD_RI,   Op::SUB_RI,   Op::MUL_RI,
    Op::OR_RI,    Op::AND_RI,   Op::XOR_RI,   Op::ADD32_RI, Op::SUB32_RI,
    Op::AND32_RI, Op::OR32_RI,  Op::XOR32_RI, Op::LSH_RI,   Op::RSH_RI,
    Op::ARSH_RI,  Op::LSH32_RI, Op::RSH32_RI, Op::ARSH32_RI};
const Op Jumps[] = {Op::JEQ_RI,    Op::JNE_RI,    Op::JGT_RI,    Op::JGE_RI,
                    Op::JLT_RI,    Op::JLE_RI,    Op::JSGT_RI,   Op::JSGE_RI,
                    Op::JSLT_RI,   Op::JSLE_RI,   Op::JSET_RI,   Op::JEQ32_RI,
                    Op::JNE32_RI,  Op::JGT32_RI,  Op::JGE32_RI,  Op::JLT32_RI,
                    Op::JLE32_RI,  Op::JSGT32_RI, Op::JSGE32_RI, Op::JSLT32_RI,
                    Op::JSLE32_RI, Op::JSET32_RI};

bool isShift(Op O) {
  return (O >= Op::LSH_RI && O <= Op::RSH32_RR) ||
         (O >= Op::ARSH_RI && O <= Op::ARSH32_RR);
}

class Program {
public:
  explicit Program(unsigned Seed) : Engine(Seed) {
    for (uint8_t R : Registers) {
      Insts.push_back({Op::CALL_HELPER, 0, 0, 0, Random32});
      Insts.push_back({Op::MOV_RR, R, isa::R0, 0, 0});
    }
    Insts.push_back({Op::CALL_HELPER, 0, 0, 0, Random32});
    for (unsigned N = 0; N < 48; ++N)
      Insts.push_back(N % 3 ? arithmetic() : jump());
    for (size_t N = 0; N < Insts.size(); ++N)
      if (llvm::is_contained(Jumps, Insts[N].Opcode))
        Insts[N].Off = int16_t(Insts.size() - N - 1);
    Insts.push_back({Op::MOV_RI, isa::R0, 0, 0, 0});
    Insts.push_back({Op::EXIT, 0, 0, 0, 0});
  }

  std::vector<Inst> Insts;

private:
  uint8_t reg() { return Registers[Engine() % std::size(Registers)]; }
  int32_t number() {
    int32_t N = int32_t(Engine());
    return Engine() % 2 ? N >> Engine() % 32 : N & ((1 << Engine() % 31) - 1);
  }
  Inst arithmetic() {
    Op O = Arithmetic[Engine() % std::size(Arithmetic)];
    Inst I{O, reg(), reg(), 0, 0};
    if (isa::form(O) == isa::Form::RI) {
      I.Src = 0;
      I.Imm = isShift(O) ? int32_t(Engine() % 32) : number();
    }
    return I;
  }
  Inst jump() {
    return {Jumps[Engine() % std::size(Jumps)], reg(), 0, 0, number()};
  }

  std::mt19937 Engine;
};

/// The verifier's log; empty where bpf(2) is not to be had.
std::string logOf(const std::vector<Inst> &Insts) {
  llvm::SmallVector<uint8_t, 0> Bytes;
  for (const Inst &I : Insts)
    isa::encode(I, /*BigEndian=*/false, Bytes);
  std::string Log(1 << 22, 0);
  bpf_attr Attr{};
  Attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  Attr.insns = uint64_t(Bytes.data());
  Attr.insn_cnt = uint32_t(Bytes.size() / 8);
  Attr.license = uint64_t("GPL");
  Attr.log_buf = uint64_t(Log.data());
  Attr.log_size = uint32_t(Log.size());
  Attr.log_level = 2;
  int File = int(syscall(SYS_bpf, BPF_PROG_LOAD, &Attr, sizeof(Attr)));
  if (File >= 0)
    close(File);
  Log.resize(strlen(Log.c_str()));
  return Log;
}

/// Reads `5`, `scalar()` or `scalar(id=1,smin=umin=3,...,var_off=(0x0; 0x7))`.
Scalar parse(StringRef Text) {
  auto Number = [](StringRef T) {
    bool Negative = T.consume_front("-");
    uint64_t N = 0;
    EXPECT_FALSE(T.getAsInteger(0, N)) << T.str();
    return Negative ? 0 - N : N;
  };
  if (!Text.consume_front("scalar("))
    return Scalar::constant(Number(Text));
  Scalar S;
  Text = Text.drop_back();
  while (!Text.empty()) {
    StringRef Item;
    if (Text.consume_front("var_off=(")) {
      std::tie(Item, Text) = Text.split(')');
      auto [Value, Mask] = Item.split("; ");
      S.Bits = {Number(Value), Number(Mask)};
      Text.consume_front(",");
      continue;
    }
    std::tie(Item, Text) = Text.split(',');
    llvm::SmallVector<StringRef, 4> Words;
    Item.split(Words, '=');
    if (Words.front() == "id")
      continue;
    uint64_t N = Number(Words.pop_back_val());
    for (StringRef W : Words) {
      if (W == "umin")
        S.Whole.UMin = N;
      else if (W == "umax")
        S.Whole.UMax = N;
      else if (W == "smin")
        S.Whole.SMin = int64_t(N);
      else if (W == "smax")
        S.Whole.SMax = int64_t(N);
      else if (W == "umin32")
        S.Low.UMin = uint32_t(N);
      else if (W == "umax32")
        S.Low.UMax = uint32_t(N);
      else if (W == "smin32")
        S.Low.SMin = int32_t(N);
      else if (W == "smax32")
        S.Low.SMax = int32_t(N);
      else
        ADD_FAILURE() << "unknown word " << W.str();
    }
  }
  return S;
}

using State = std::map<uint8_t, Scalar>;

/// `12: (0f) r6 += r7    ; R6=scalar(...) R7=5` -> 12 and the registers.
std::optional<unsigned> parseLine(StringRef Line, State &Registers) {
  unsigned Index;
  if (Line.consumeInteger(10, Index) || !Line.starts_with(": ("))
    return std::nullopt;
  size_t At = Line.find("; R");
  if (At == StringRef::npos)
    return Index;
  StringRef Rest = Line.substr(At + 2);
  while (Rest.consume_front("R")) {
    unsigned Register;
    if (Rest.consumeInteger(10, Register))
      break;
    Rest.consume_front("_w");
    Rest.consume_front("=");
    size_t End = Rest.find(" R");
    Registers[uint8_t(Register)] = parse(Rest.substr(0, End).rtrim());
    Rest = End == StringRef::npos ? "" : Rest.substr(End + 1);
  }
  return Index;
}

std::string text(const Scalar &S) {
  auto Hex = [](uint64_t N) { return "0x" + llvm::utohexstr(N, true); };
  return Hex(S.Bits.Value) + "/" + Hex(S.Bits.Mask) + " u" + Hex(S.Whole.UMin) +
         ".." + Hex(S.Whole.UMax) + " s" + std::to_string(S.Whole.SMin) + ".." +
         std::to_string(S.Whole.SMax) + " u32 " + Hex(S.Low.UMin) + ".." +
         Hex(S.Low.UMax) + " s32 " + std::to_string(S.Low.SMin) + ".." +
         std::to_string(S.Low.SMax);
}

/// What we know of \p I's destination behind it, or where the jump is not
/// taken.
std::optional<Scalar> known(const Inst &I, State &Before) {
  bool HasSrc = isa::form(I.Opcode) == isa::Form::RR;
  Scalar Src = HasSrc ? Before[I.Src] : Scalar::constant(uint64_t(I.Imm));
  if (llvm::is_contained(Arithmetic, I.Opcode))
    return applyAlu(I.Opcode, Before[I.Dst], Src, /*BigEndian=*/false);
  if (llvm::is_contained(Jumps, I.Opcode))
    if (auto R = refine(I.Opcode, /*Taken=*/false, Before[I.Dst], Src))
      return R->first;
  return std::nullopt;
}

struct Comparison {
  unsigned Compared = 0, LessExact = 0;
  std::string First; ///< where the verifier knew more

  /// Goes along the first path that \p Log tells.
  void run(const Program &P, StringRef Log) {
    State Known;
    unsigned Next = 0;
    llvm::SmallVector<StringRef, 0> Lines;
    Log.split(Lines, '\n');
    for (StringRef Line : Lines) {
      State Now = Known;
      std::optional<unsigned> At = parseLine(Line, Now);
      if (Line.starts_with("from ") || (At && *At != Next))
        return; // another path
      if (!At)
        continue;
      ++Next;
      const Inst &I = P.Insts[*At];
      if (Known.count(I.Dst) && Line.contains("; R"))
        if (std::optional<Scalar> Ours = known(I, Known))
          compare(Line, Known[I.Dst], *Ours, Now[I.Dst]);
      Known = Now;
    }
  }

private:
  void compare(StringRef Line, const Scalar &Before, const Scalar &Ours,
               const Scalar &Theirs) {
    std::string What =
        Line.str() + "\n before " + text(Before) + "\n ours   " + text(Ours);
    Scalar Both{meet(Ours.Bits, Theirs.Bits), meet(Ours.Whole, Theirs.Whole),
                meet(Ours.Low, Theirs.Low)};
    EXPECT_TRUE(agree(Ours.Bits, Theirs.Bits) && Both.deduce()) << What;
    ++Compared;
    if (!Theirs.contains(Ours) && ++LessExact == 1)
      First = What;
  }
};

TEST(KernelTest, KnowsAsMuchAsTheVerifier) {
  Comparison C;
  for (unsigned Seed = 0; Seed < 400; ++Seed) {
    Program P(Seed);
    std::string Log = logOf(P.Insts);
    if (Log.empty())
      GTEST_SKIP() << "bpf(2) does not load programs here: " << strerror(errno);
    C.run(P, Log);
  }
  std::cout << C.Compared << " compared, less exact " << C.LessExact << "\n";
  EXPECT_GT(C.Compared, 3000u);
  // A later kernel may know more.
  EXPECT_LE(C.LessExact, C.Compared / 100) << "the first: " << C.First;
}

} // namespace
